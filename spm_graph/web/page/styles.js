// The policy of the page allows no style inline. The editor makes styles as it goes: here they take the ways that are allowed.

const nonce = document.querySelector("meta[property=csp-nonce]").nonce;
const create = document.createElement;
const insert = Element.prototype.insertAdjacentHTML;
const inner = Object.getOwnPropertyDescriptor(Element.prototype, "innerHTML");

/** A new <style> element carries the nonce of the page. */
document.createElement = function (...given) {
  const made = create.apply(this, given);
  if (made instanceof HTMLStyleElement) made.nonce = nonce;
  return made;
};

/** Markup whose style attributes have another name, so that the browser doesn't apply them. */
const muted = (markup) => String(markup).replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/\sstyle=/i, " data-muted-style="));

/** Set these styles as a script may set them. */
function apply(root) {
  for (const each of root.querySelectorAll("[data-muted-style]")) {
    each.style.cssText = each.dataset.mutedStyle;
    each.removeAttribute("data-muted-style");
  }
}

Object.defineProperty(Element.prototype, "innerHTML", {
  ...inner,
  set(markup) {
    inner.set.call(this, muted(markup));
    apply(this);
  },
});

Element.prototype.insertAdjacentHTML = function (where, markup) {
  insert.call(this, where, muted(markup));
  apply(this.parentNode ?? this);
};
