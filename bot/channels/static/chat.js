"use strict";
// One conversation in one tab: send in order, receive in order, lose nothing, leave fast.
// Nothing is stored in the browser except the conversation's id for a reload of this tab.

const at = (id) => document.getElementById(id);
const [list, scroll, box, problem, thinking, offline] = ["messages", "scroll", "text", "problem", "thinking", "offline"].map(at);
const LONGEST = 20000;
const POLL = 4000;      // while there is no stream
const GLANCE = 25000;   // beside a stream: a dead line can look alive
const THINKING = 12000;

let conversation = "";
let last = 0;
let stream = null;
let polling = 0;
let thinkingUntil = 0;
let stopped = false;
let pinned = true;         // follows what arrives until the person scrolls back
let anchor = null;         // what should stay in view while more arrives below it
let arrived = 0;
const shown = new Map();   // seq -> element
const mine = new Map();    // client id -> {id, text, element, state}
const queue = [];
let sending = false;

// --- receiving ------------------------------------------------------------------------------------------------

function receive(message) {
  if (shown.has(message.seq)) return;
  const own = message.client_id && mine.get(message.client_id);
  if (own) {
    settle(own, message.seq);
  } else {
    place(bubble(message), message.seq);
    if (message.safety) placeHead(message);
    if (message.from !== "family") showThinking(false);
    keepInView(message);
  }
  last = Math.max(last, message.seq);
  offerChoices();
}

function place(element, seq) {
  if (seq) {
    shown.set(seq, element);
    element.dataset.seq = seq;
  }
  const later = seq && [...list.children].find((other) => !other.dataset.seq || Number(other.dataset.seq) > seq);
  list.insertBefore(element, later || null);
  at("erase").hidden = false;
}

// Above the first line of a safety card stand the keys: numbers before words.
function placeHead(message) {
  const element = shown.get(message.seq);
  const before = element.previousElementSibling;
  if (before && before.classList.contains("safety")) return;
  const head = safetyHead();
  head.dataset.seq = message.seq;
  element.before(head);
}

// The start of what arrived together stays in view; a safety card stays until the person or a worker speaks.
function keepInView(message) {
  const element = shown.get(message.seq);
  const together = Date.now() - arrived < 1500;
  arrived = Date.now();
  const isCard = anchor && anchor.classList.contains("safety");
  if (message.safety) anchor = isCard ? anchor : element.previousElementSibling || element;
  else if (message.from === "worker" || (!isCard && !together)) anchor = element;
  follow();
}

function follow() {
  if (!pinned) return;
  const end = scroll.scrollHeight - scroll.clientHeight;
  scroll.scrollTop = anchor && anchor.isConnected ? Math.min(end, anchor.offsetTop - 10) : end;
}

function unpin() {
  const top = anchor && anchor.isConnected ? anchor.offsetTop - 10 : Infinity;
  pinned = scroll.scrollTop > Math.min(top, scroll.scrollHeight - scroll.clientHeight) - 60;
}

function offerChoices() {
  document.querySelectorAll("#messages .choices").forEach((old) => old.remove());
  const newest = [...shown.keys()].sort((a, b) => b - a)[0];
  const buttons = newest && shown.get(newest).buttons;
  if (!buttons || !buttons.length || queue.length) return;
  const choices = make("div", "choices");
  for (const button of buttons) {
    const choice = make("button", "choice", button.title);
    choice.type = "button";
    choice.addEventListener("click", (event) => {
      say(button.payload);
      if (!event.detail) box.focus();   // pressed by key: the button is gone, and a finger needs no keyboard to come up
    });
    choices.append(choice);
  }
  shown.get(newest).append(choices);
  follow();
}

function listen() {
  if (stream) stream.close();
  stream = new EventSource(`/api/conversations/${conversation}/stream?after=${last}`);
  stream.onopen = () => setOffline(false);
  stream.onmessage = (event) => take(JSON.parse(event.data));
  stream.onerror = () => {
    if (stream.readyState === EventSource.CLOSED) poll();
  };
}

function take(message) {
  receive(message);
  const element = shown.get(message.seq);
  if (element) element.buttons = message.buttons;
  offerChoices();
}

async function catchUp() {
  if (!conversation || stopped) return;
  try {
    const answer = await fetch(`/api/conversations/${conversation}/messages?after=${last}`);
    setOffline(false);
    if (answer.ok) (await answer.json()).messages.forEach(take);
    else if (answer.status === 401 || answer.status === 404) lose();
  } catch {
    setOffline(true);
  }
}

function poll() {
  clearTimeout(polling);
  polling = setTimeout(async () => {
    await catchUp();
    if (!conversation || stopped) return;
    if (stream && stream.readyState === EventSource.CLOSED && offline.hidden) listen();
    poll();
  }, stream && stream.readyState === EventSource.OPEN ? GLANCE : POLL);
}

function setOffline(away) {
  offline.hidden = !away;
}

function showThinking(on) {
  thinkingUntil = on ? Date.now() + THINKING : 0;
  thinking.hidden = !on;
  if (on) {
    setTimeout(() => { if (Date.now() >= thinkingUntil) thinking.hidden = true; }, THINKING);
    follow();
  }
}

// --- sending --------------------------------------------------------------------------------------------------

function say(text) {
  const own = { id: randomId(), text, element: bubble({ from: "family", text }), state: make("span", "state") };
  own.element.append(own.state);
  mine.set(own.id, own);
  place(own.element, 0);
  [pinned, anchor, arrived] = [true, null, 0];
  follow();
  queue.push(own);
  offerChoices();
  flush();
}

// crypto.randomUUID exists in secure contexts only; a county may well serve http inside its own network.
function randomId() {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("-");
}

async function flush() {
  if (sending) return;
  sending = true;
  try {
    while (queue.length && !stopped) {
      if (!(await deliver(queue[0]))) break;
      queue.shift();
    }
  } finally {
    sending = false;
  }
  offerChoices();
}

// True when the message is done with, whether it was taken or refused for good.
async function deliver(own) {
  for (const pause of [0, 1000, 2000, 4000, 8000]) {
    if (pause) await new Promise((go) => setTimeout(go, pause));
    mark(own, words.state.sending);
    try {
      if (!conversation) await open();
      const answer = await post(`/api/conversations/${conversation}/messages`, { client_id: own.id, text: own.text });
      setOffline(false);
      if (answer.status === 202) {
        settle(own, (await answer.json()).seq);
        showThinking(true);
        return true;
      }
      if (answer.status === 401 || answer.status === 404) return lose(own);
      if (answer.status === 413 || answer.status === 422) return putBack(own, (await answer.json()).error);
      if (answer.status === 429) await new Promise((go) => setTimeout(go, 1000 * (Number(answer.headers.get("Retry-After")) || 5)));
    } catch {
      setOffline(!navigator.onLine || pause >= 2000);
    }
  }
  fail(own);
  return false;
}

async function open() {
  const which = words.first.which;
  if (given.conversation && (await ask(which.ask, which.old, which.new))) return enter(given.conversation);
  given.conversation = "";
  const answer = await post("/api/conversations", {});
  if (!answer.ok) throw new Error("not opened");
  enter((await answer.json()).conversation);
}

function enter(id) {
  conversation = id;
  sessionStorage.setItem("here", id);
  at("again").hidden = true;
  listen();
  poll();
}

const post = (path, body) =>
  fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

function mark(own, text) {
  own.element.classList.remove("failed");
  own.state.replaceChildren(text);
}

function settle(own, seq) {
  if (shown.has(seq)) return;
  mark(own, words.state.sent);
  own.element.remove();
  place(own.element, seq);
  last = Math.max(last, contiguous());
}

// An own message may be confirmed before an earlier one of somebody else arrives: never skip over that one.
function contiguous() {
  let seq = last;
  while (shown.has(seq + 1)) seq += 1;
  return seq;
}

function fail(own) {
  own.element.classList.add("failed");
  const again = make("button", "", words.state.retry);
  again.type = "button";
  again.addEventListener("click", flush);
  own.state.replaceChildren(words.state.failed + "，", again);
}

function putBack(own, line) {
  own.element.remove();
  mine.delete(own.id);
  box.value = box.value ? own.text + "\n" + box.value : own.text;
  grow();
  complain(line);
  return true;
}

function complain(line) {
  problem.textContent = line || "";
  problem.hidden = !line;
}

// The conversation is gone (erased elsewhere): what was not taken returns to the box, a new one begins with it.
function lose(own) {
  forget();
  return own ? putBack(own, words.state.gone) : true;
}

function forget() {
  given.conversation = conversation = "";
  last = 0;
  sessionStorage.clear();
  clearTimeout(polling);
  if (stream) stream.close();
  stream = null;
  shown.clear();
}

// --- the person -----------------------------------------------------------------------------------------------

function grow() {
  box.style.height = "auto";
  box.style.height = Math.min(box.scrollHeight + 4, innerHeight * 0.34) + "px";
}

function submit() {
  const text = box.value;
  if (!text.trim()) return box.focus();
  if ([...text].length > LONGEST) return complain(words.state.too_long);
  complain("");
  box.value = "";
  grow();
  say(text);
  box.focus();
}

function ask(text, verb, other = words.quick.cancel) {
  const dialog = at("ask");
  at("ask-text").textContent = text;
  dialog.querySelector(".strong").textContent = verb;
  dialog.querySelector(".plain").textContent = other;
  dialog.classList.toggle("danger", text === words.quick.erase.ask);
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((answered) => {
    dialog.addEventListener("close", () => answered(dialog.returnValue === "yes"), { once: true });
  });
}

async function erase() {
  if (!(await ask(words.quick.erase.ask, words.quick.erase.do))) return;
  let line = "";
  if (conversation) {
    try {
      const answer = await fetch(`/api/conversations/${conversation}`, { method: "DELETE" });
      line = (await answer.json()).text || "";
      if (!answer.ok && answer.status !== 401 && answer.status !== 404) return complain(words.state.failed);
    } catch {
      setOffline(true);
      return;
    }
  }
  forget();
  queue.length = 0;
  mine.clear();
  list.replaceChildren();
  showThinking(false);
  at("erase").hidden = true;
  if (!line) return;
  const element = bubble({ from: "system", text: line });
  element.dataset.seq = 0;   // before whatever a new conversation brings
  list.append(element);
}

async function restart() {
  const anew = words.quick.restart;
  if (await ask(anew.ask, anew.do)) say(anew.payload);
}

function leave() {
  stopped = true;
  document.title = " ";
  document.body.className = "gone";
  document.body.replaceChildren();
  sessionStorage.clear();
  if (stream) stream.close();
  location.replace(words.leave_to);
}

let escaped = -Infinity;
function keys(event) {
  if (event.key !== "Escape" || stopped || at("ask").open) return;
  if (event.timeStamp - escaped < 1000) leave();
  escaped = event.timeStamp;
}

function begin() {
  at("form").addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  box.addEventListener("keydown", (event) => {
    // While an input method composes, Enter chooses a word.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    submit();
  });
  box.addEventListener("input", grow);
  scroll.addEventListener("scroll", unpin, { passive: true });
  document.querySelectorAll("[data-says]").forEach((button) => button.addEventListener("click", () => say(button.dataset.says)));
  at("leave").addEventListener("click", leave);
  at("erase").addEventListener("click", erase);
  at("restart").addEventListener("click", restart);
  document.addEventListener("keydown", keys);
  addEventListener("online", () => { catchUp(); flush(); });
  addEventListener("offline", () => setOffline(true));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) catchUp(); });
  // A page taken back from the browser's memory shows no old conversation.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  if (given.conversation && sessionStorage.getItem("here") === given.conversation) enter(given.conversation);
  else if (given.conversation) {
    at("again").hidden = false;
    at("again").querySelector("button").addEventListener("click", () => enter(given.conversation));
  }
}

begin();
