/** What is wrong with the draft, by the member and field that show it. Pure. */
import { idOf, membersOf } from "./draft.js";

const SEAT = /^workflow_definition\.agents\.(\d+)(?:\.(.+))?$/;

/** Each problem with the member it is about (null: the team) and the field inside it. */
export function placed(problems, draft) {
  return problems.map((problem) => {
    const [, number, field = ""] = SEAT.exec(problem.path) ?? [];
    const member = number === undefined ? null : membersOf(draft)[Number(number)];
    return { ...problem, id: member ? idOf(member) : null, field: member ? field : problem.path };
  });
}

/** The first problem of a member whose field starts so. */
export const problemOf = (all, id, ...fields) => all.find((each) => each.id === id && fields.some((field) => each.field === field || each.field.startsWith(`${field}.`)));
