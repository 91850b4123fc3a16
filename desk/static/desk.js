// Keeps a page of the desk live. Everything shown is drawn and escaped by the server.
"use strict";

const page = document.body.dataset;
const at = (id) => document.getElementById(id);

// ---- what this worker has read, kept in this browser only
const SEEN = "desk-seen";
const seen = JSON.parse(localStorage.getItem(SEEN) || "{}");

function markRead(seq) {
  if (!page.ref || (seen[page.ref] || 0) >= seq) return;
  seen[page.ref] = seq;
  localStorage.setItem(SEEN, JSON.stringify(seen));
}

function showUnread() {
  for (const row of document.querySelectorAll(".row[data-ref]")) {
    const unread = (seen[row.dataset.ref] || 0) < Number(row.dataset.seq);
    row.classList.toggle("unread", unread);
    row.querySelector(".new").hidden = !unread;
  }
}

// ---- live parts
function replace({ id, version, html }) {
  const part = at(id);
  if (!part || part.dataset.version === version) return;
  const open = [...part.querySelectorAll("details[open][id]")].map((one) => one.id);
  const active = document.activeElement;
  const path = part.contains(active) ? active.getAttribute("href") || active.id : null;
  const atEnd = scroll && nearEnd();
  part.innerHTML = html;
  part.dataset.version = version;
  for (const one of open) if (at(one)) at(one).open = true;
  if (path) (part.querySelector(`[href="${CSS.escape(path)}"]`) || at(path))?.focus();
  if (id === "queue") showUnread();
  if (id === "hold") hold();
  if (atEnd) toEnd();
}

function listen() {
  const events = new EventSource(page.events);
  const on = (kind, act) => events.addEventListener(kind, (event) => act(JSON.parse(event.data)));
  events.onopen = () => { at("offline").hidden = true; };
  events.onerror = () => {
    at("offline").hidden = false;
    // Closed for good means the session is over: loading again leads to the sign-in page.
    if (events.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 3000);
  };
  on("part", replace);
  on("message", add);
  on("gone", () => location.reload());
  on("title", ({ title }) => {
    const said = at("said");
    if (said && document.title !== title) said.textContent = title;
    document.title = title;
  });
  addEventListener("pagehide", () => events.close());
}

// ---- the transcript
const scroll = at("scroll");
const nearEnd = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 120;
const toEnd = () => { scroll.scrollTop = scroll.scrollHeight; };

function add({ seq, from, html }) {
  if (at(`m${seq}`)) return;
  const follow = nearEnd() || from === "worker";
  at("transcript").insertAdjacentHTML("beforeend", html);
  if (follow) toEnd();
  else at("down").hidden = false;
  if (!document.hidden) markRead(seq);
  showUnread();
}

function newest() {
  const last = at("transcript").lastElementChild;
  return last ? Number(last.dataset.seq) : 0;
}

// ---- the reply
const reply = at("reply");
const draft = `desk-draft-${page.worker}-${page.ref}`;

function hold() {
  at("box").disabled = Boolean(at("hold").querySelector("[data-held]"));
}

function problem(line) {
  at("problem").textContent = line;
  at("problem").hidden = !line;
}

async function send(event) {
  event.preventDefault();
  const { text, client_id: id, csrf } = reply.elements;
  if (!text.value.trim() || at("send").disabled) return;
  at("send").disabled = true;
  problem("");
  try {
    const answer = await fetch(reply.dataset.api, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf.value },
      body: JSON.stringify({ client_id: id.value, text: text.value }),
    });
    if (answer.ok) {
      text.value = "";
      sessionStorage.removeItem(draft);
      id.value = fresh();
    } else {
      problem((await answer.json()).error);
    }
  } catch {
    // The same client id goes with the next try, so that the family never reads it twice.
    problem("没有发出去，网络可能断了。写的话还在，请再点一次发送。");
  }
  at("send").disabled = false;
  text.focus();
}

// ---- numbers of people
async function reveal(event) {
  const form = event.target.closest("form.reveal");
  if (!form) return;
  event.preventDefault();
  const { seq, purpose, csrf } = form.elements;
  const said = form.querySelector(".problem");
  said.hidden = true;
  try {
    const answer = await fetch(form.dataset.api, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf.value },
      body: JSON.stringify({ seq: Number(seq.value), purpose: purpose.value }),
    });
    const { text, error } = await answer.json();
    if (answer.ok) {
      show(form.closest(".message"), text);
      return;
    }
    said.textContent = error;
  } catch {
    said.textContent = "没有看成，网络可能断了。请再点一次。";
  }
  said.hidden = false;
}

// A number stays on the screen no longer than it takes to dial it.
const SHOWN_MS = 60000;

function show(message, text) {
  const shown = message.querySelector(".text");
  const masked = shown.textContent;
  const menu = message.querySelector(".masked");
  shown.textContent = text;
  menu.open = false;
  menu.hidden = true;
  message.focus({ preventScroll: true });
  setTimeout(() => {
    shown.textContent = masked;
    menu.hidden = false;
  }, SHOWN_MS);
}

function fresh() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function begin() {
  if (!reply) return;
  const { text } = reply.elements;
  text.value = sessionStorage.getItem(draft) || text.value;
  text.addEventListener("input", () => sessionStorage.setItem(draft, text.value));
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send(event);
  });
  reply.addEventListener("submit", send);
  at("down").addEventListener("click", () => { toEnd(); at("down").hidden = true; });
  scroll.addEventListener("scroll", () => { if (nearEnd()) at("down").hidden = true; });
  at("fold").addEventListener("click", () => fold(!document.body.classList.contains("show-packet")));
  document.addEventListener("click", jump);
  document.addEventListener("submit", reveal);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") for (const menu of document.querySelectorAll(".menu[open]")) menu.open = false;
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) markRead(newest()); });
  if (location.hash.startsWith("#m")) at(location.hash.slice(1))?.scrollIntoView();
  else toEnd();
  markRead(newest());
}

function fold(open) {
  document.body.classList.toggle("show-packet", open);
  at("fold").setAttribute("aria-expanded", String(open));
  at("fold").textContent = open ? "回到对话" : "看一页纸：已知、未知、能领什么";
  if (!open) toEnd();
}

function jump(event) {
  const target = event.target.closest('a[href^="#m"]');
  const message = target && at(target.getAttribute("href").slice(1));
  if (!message) return;
  event.preventDefault();
  fold(false);
  for (const one of document.querySelectorAll(".found")) one.classList.remove("found");
  message.classList.add("found");
  message.scrollIntoView({ block: "center" });
  message.focus({ preventScroll: true });
}

begin();
showUnread();
listen();
