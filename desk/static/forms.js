// A form that is refused stays as it is, with the reason beside it: nothing that was typed is lost.
// Without this script the same forms lead to a page that says why and shows the words again.
"use strict";

// ---- set while a form of this page is under way: what the stream then says of the case is no news
const leaving = (is) => { if (is) document.body.dataset.leaving = "1"; else delete document.body.dataset.leaving; };

async function handIn(event) {
  const form = event.target;
  // desk.js sends replies and asks for numbers by itself.
  if (event.defaultPrevented || form.method !== "post" || form.dataset.api) return;
  leaving(true);
  rememberPart(form);
  if (!form.matches("[data-stay]")) return;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "1";
  const button = event.submitter;
  const address = button?.getAttribute("formaction") || form.getAttribute("action");
  try {
    // What was taken in answers with the way on, what was refused with a page that says why.
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(address, { method: "POST", body, redirect: "manual", headers: { "X-Stay": "1" } });
    if (answer.type === "opaqueredirect") {
      goOn(form, button?.dataset.then);
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    tell(form, page.querySelector('main [role="alert"]')?.textContent || "没有做成，请再试一次。");
  } catch {
    tell(form, "没有记上，网络可能断了。写的都还在，请再点一次。");
  }
  leaving(false);
  sessionStorage.removeItem(PART);
  delete form.dataset.busy;
}

function goOn(form, then) {
  if (then) {
    location.assign(then);
    return;
  }
  location.reload();
}

// The page comes anew; whoever works by keyboard goes on where the form says, or in the part that it stands in.
const PART = "desk-part";

function rememberPart(form) {
  const part = form.elements.namedItem("part")?.value;
  const where = form.dataset.part || (part && `#${part}`);
  if (where) sessionStorage.setItem(PART, where);
}

function goOnInPart() {
  const where = sessionStorage.getItem(PART);
  sessionStorage.removeItem(PART);
  const part = where && document.querySelector(where);
  if (!part) return;
  if (part.tabIndex < 0) part.tabIndex = -1;
  part.focus({ preventScroll: true });
}

function tell(form, line) {
  let said = form.querySelector(":scope > .problem");
  if (!said) {
    said = document.createElement("p");
    said.className = "problem";
    said.setAttribute("role", "alert");
    const button = form.querySelector(":scope > button");
    button.before(said);
  }
  said.textContent = line;
  said.scrollIntoView({ block: "nearest" });
}

goOnInPart();
document.addEventListener("submit", handIn);
// Back by the browser's own button: the page is there again as it was left.
addEventListener("pageshow", () => leaving(false));
