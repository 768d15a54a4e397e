// The editor makes <style> elements as it goes. The policy of the page admits those that carry its nonce, and no others.

const nonce = document.querySelector("meta[property=csp-nonce]")?.nonce ?? "";
const create = document.createElement;

document.createElement = function (...given) {
  const made = create.apply(this, given);
  if (made instanceof HTMLStyleElement) made.nonce = nonce;
  return made;
};
