// Keeps a page of the desk live. Everything shown is drawn and escaped by the server.
"use strict";

const page = document.body.dataset;
const at = (id) => document.getElementById(id);
let plain = document.title;

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
  const wasAtEnd = scroll && nearEnd();
  part.innerHTML = html;
  part.dataset.version = version;
  for (const one of open) if (at(one)) at(one).open = true;
  if (path) (part.querySelector(`[href="${CSS.escape(path)}"]`) || at(path))?.focus();
  if (id === "queue") { showUnread(); call(); }
  if (id === "hold") hold();
  if (wasAtEnd) toEnd();
}

function listen() {
  const events = new EventSource(page.events);
  const on = (kind, act) => events.addEventListener(kind, (event) => act(JSON.parse(event.data)));
  events.onopen = () => { at("offline").hidden = true; };
  events.onerror = () => {
    at("offline").hidden = false;
    // Closed for good means the session is over: loading again leads to the sign-in page.
    if (events.readyState === EventSource.CLOSED) setTimeout(() => { if (!page.leaving) location.reload(); }, 3000);
  };
  on("part", replace);
  on("message", add);
  // Not while a form of this page takes the case away: its answer leads on by itself.
  on("gone", () => { if (!page.leaving) location.reload(); });
  on("title", ({ title }) => {
    // Beside other work it is enough to look now and then; the last of a look is the title.
    if (page.every) { events.close(); setTimeout(listen, Number(page.every)); }
    const said = at("said");
    if (said && plain !== title) said.textContent = title;
    plain = title;
    call();
  });
  addEventListener("pagehide", () => events.close());
}

// ---- the transcript
const scroll = at("scroll");
const nearEnd = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 120;
let atEnd = true;
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
let saving = null;

// What is typed is kept on the server, for this worker and this case; only 发送 sends it. That something is typed, and
// nothing of it, is shown to the family while it goes on.
const TOLD_MS = 3000;
let told = 0;
let keeping = Promise.resolve();

function typed() {
  clearTimeout(saving);
  at("kept").textContent = "";
  saving = setTimeout(keep, 800);
  if (Date.now() - told >= TOLD_MS) keep();
}

function keep() {
  keeping = keepNow();
}

async function keepNow() {
  clearTimeout(saving);
  saving = null;
  told = Date.now();
  const { text, csrf } = reply.elements;
  try {
    const answer = await fetch(reply.dataset.draft, {
      method: "POST",
      keepalive: true,
      headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf.value },
      body: JSON.stringify({ text: text.value.trim() ? text.value : "" }),
    });
    at("kept").textContent = answer.ok && text.value.trim() ? "草稿已存。" : "";
  } catch {
    at("kept").textContent = "草稿没有存上，网络可能断了。";
  }
}

function insert(words) {
  const { text } = reply.elements;
  if (at("box").disabled) return;
  text.setRangeText(words, text.selectionStart, text.selectionEnd, "end");
  text.focus();
  typed();
}

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
  clearTimeout(saving);
  saving = null;
  problem("");
  await keeping;   // a draft that arrives after its message would come back as one
  try {
    const answer = await fetch(reply.dataset.api, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf.value },
      body: JSON.stringify({ client_id: id.value, text: text.value }),
    });
    if (answer.ok) {
      text.value = "";
      at("kept").textContent = "";
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
  text.addEventListener("input", typed);
  addEventListener("pagehide", () => { if (saving) keep(); });
  for (const one of document.querySelectorAll("[data-insert]")) {
    one.addEventListener("click", () => { insert(one.dataset.insert); at("canned").open = false; });
  }
  text.addEventListener("keydown", (event) => {
    const place = event.altKey && /^Digit[1-9]$/.test(event.code) ? Number(event.code.slice(5)) : 0;
    const one = place && document.querySelectorAll("[data-insert]")[place - 1];
    if (one) { event.preventDefault(); insert(one.dataset.insert); }
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send(event);
  });
  reply.addEventListener("submit", send);
  at("down").addEventListener("click", () => { toEnd(); at("down").hidden = true; });
  scroll.addEventListener("scroll", () => { atEnd = nearEnd(); if (atEnd) at("down").hidden = true; });
  // What comes and goes above and below the talk takes room from it: its last words stay in sight.
  new ResizeObserver(() => { if (atEnd) toEnd(); }).observe(scroll);
  at("fold").addEventListener("click", () => fold(!document.body.classList.contains("show-packet")));
  document.addEventListener("click", jump);
  document.addEventListener("submit", reveal);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") for (const menu of document.querySelectorAll(".menu[open], .canned[open]")) menu.open = false;
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) markRead(newest()); });
  const target = location.hash.startsWith("#m") && at(location.hash.slice(1));
  atEnd = !target;
  if (target) target.scrollIntoView();
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
beginCalls();
listen();
