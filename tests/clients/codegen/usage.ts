// Compiled, never run: what the generated types must let a screen say, and what they must not.
import { StatementDocument, type CloseMutationVariables, type StatementQuery } from "./generated";

export const document = StatementDocument;
export const input: CloseMutationVariables = { input: { period: { name: "2026-01" } } };

export function payable(answer: StatementQuery): string | undefined {
  return answer.rep?.statement?.payable?.amount;
}

export function firstRate(answer: StatementQuery): string | undefined {
  const config = answer.rep?.plans[0]?.plan?.versions[0]?.components[0]?.config;
  return config?.__typename === "TieredCommission" ? config.tiers[0]?.rate : undefined;
}

// @ts-expect-error a month is named by a text
export const wrong: CloseMutationVariables = { input: { period: { name: 1 } } };
