"use strict";
// One conversation in one tab: send in order, receive in order, lose nothing, leave fast.
// Nothing is stored in the browser except the conversation's id for a reload of this tab.

const at = (id) => document.getElementById(id);
const [list, scroll, box, problem, thinking, offline] = ["messages", "scroll", "text", "problem", "thinking", "offline"].map(at);
const LONGEST = 20000;
const POLL = 4000;      // while there is no stream
const GLANCE = 25000;   // beside a stream: a dead line can look alive
const SLOW = 5000;      // after that the page says that it takes long; at eight seconds the front door says so itself
const LONG = 20000;     // not even the front door has said anything
const AGAIN = 15000;    // what could not be sent is tried again by itself

let conversation = "";
let last = 0;
let heard = 0;             // of somebody else: an answer may be here before the receipt of what it answers
let stream = null;
let polling = 0;
let holder = "bot";
let waits = [];            // timers of the line below the messages
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
    if (message.from !== "family") {
      heard = Math.max(heard, message.seq);
      stopWaiting();
    }
    if (message.from === "worker") holder = "worker";
    keepInView(message);
    aloud.heard(message, shown.get(message.seq));
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
  stream.addEventListener("writing", (event) => showWriting(JSON.parse(event.data)));
  stream.onerror = () => {
    showWriting(false);
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
    if (answer.ok) {
      const now = await answer.json();
      holder = now.holder;
      now.messages.forEach(take);
      flush();
    } else if (answer.status === 401 || answer.status === 404) lose();
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
  offline.textContent = navigator.onLine ? words.state.down : words.state.offline;
  offline.hidden = !away;
}

// The telephone slept, the page was put aside, the line came back: streams die of that without a word.
async function wake() {
  if (document.hidden || stopped) return;
  await catchUp();
  if (conversation && !stopped) listen();
  flush();
}

// What the page knows better than silence; the front door's own honest line ends it, as every answer does.
function startWaiting() {
  stopWaiting();
  tell(holder === "worker" ? "with_worker" : "thinking");
  if (holder === "worker") return;
  waits = [setTimeout(async () => {
    await catchUp();   // the answer may be there and the stream dead
    if (waits.length) tell(holder === "worker" ? "with_worker" : "slow");
  }, SLOW), setTimeout(() => { if (holder !== "worker") tell("long"); }, LONG)];
}

function stopWaiting() {
  waits.forEach(clearTimeout);
  waits = [];
  thinking.hidden = true;
}

function tell(name) {
  thinking.replaceChildren(make("span"), words.state[name]);
  thinking.firstChild.setAttribute("aria-hidden", "true");
  thinking.classList.toggle("slow", name !== "thinking");
  thinking.hidden = false;
  follow();
}

// A worker is writing, which says nothing of when it comes.
function showWriting(writes) {
  if (writes) {
    stopWaiting();
    tell("writing");
  } else if (thinking.textContent === words.state.writing) stopWaiting();
}

// The worker sees that this side writes, and never a word before it is sent.
const TOLD = 3000;
let told = 0;

function tellWriting() {
  if (holder !== "worker" || !conversation || Date.now() - told < TOLD) return;
  told = Date.now();
  post(`/api/conversations/${conversation}/writing`, {}).catch(() => {});
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
  aloud.heard({ from: "family", text });
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
    if (!queue.includes(own)) return false;   // taken back meanwhile: the conversation is gone
    mark(own, words.state.sending);
    try {
      if (!conversation) await open();
      const answer = await post(`/api/conversations/${conversation}/messages`, { client_id: own.id, text: own.text });
      setOffline(false);
      if (answer.status === 202) {
        own.seq = (await answer.json()).seq;
        settle(own, own.seq);
        if (heard < own.seq) startWaiting();
        return true;
      }
      if (answer.status === 401 || answer.status === 404) return lose();
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
  if (at("again")) at("again").hidden = true;
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
  setTimeout(flush, AGAIN);
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

// The conversation is gone (erased elsewhere, or kept too long without a word): nothing of it stays on the page, what
// was not taken returns to the box, and a new one begins with it.
function lose() {
  const unsent = queue.map((own) => own.text);
  forget();
  complain(words.state.gone);
  box.value = [...unsent, box.value].filter(Boolean).join("\n");
  grow();
  return false;
}

function forget() {
  given.conversation = conversation = "";
  last = heard = 0;
  holder = "bot";
  sessionStorage.removeItem("here");
  clearTimeout(polling);
  if (stream) stream.close();
  stream = null;
  shown.clear();
  queue.length = 0;
  mine.clear();
  list.replaceChildren();
  stopWaiting();
  aloud.stop();
  at("erase").hidden = true;
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
  aloud.stop();
  document.title = " ";
  document.body.className = "gone";
  document.body.replaceChildren();
  sessionStorage.clear();
  if (stream) stream.close();
  navigator.sendBeacon("/leave");
  location.replace(words.leave_to);
}

let escaped = -Infinity;
function keys(event) {
  if (event.key !== "Escape" || stopped || at("ask").open) return;
  if (event.timeStamp - escaped < 1000) leave();
  escaped = event.timeStamp;
}

// Only for this tab; the browser keeps nothing else of it.
function enlarge(on) {
  document.documentElement.classList.toggle("large", on);
  at("large").setAttribute("aria-pressed", on);
  sessionStorage.setItem("large", on ? "1" : "0");
  follow();
}

// From here on the script does what the forms would do. On a slow line they may have been used before it came.
function takeOver() {
  document.documentElement.classList.remove("no-script");
  if (location.pathname !== "/") history.replaceState(null, "", "/");
  const large = sessionStorage.getItem("large");
  if (large) enlarge(large === "1");
  if (given.here) list.replaceChildren();
}

function press(button, act) {
  button.addEventListener("click", (event) => { event.preventDefault(); act(); });
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
  box.addEventListener("input", tellWriting);
  scroll.addEventListener("scroll", unpin, { passive: true });
  document.querySelectorAll("[data-says]").forEach((button) => press(button, () => say(button.dataset.says)));
  press(at("leave"), leave);
  press(at("erase"), erase);
  press(at("restart"), restart);
  press(at("large"), () => enlarge(!document.documentElement.classList.contains("large")));
  at("leave").setAttribute("role", "button");
  at("leave").addEventListener("keydown", (event) => { if (event.key === " ") leave(); });
  document.addEventListener("keydown", keys);
  addEventListener("online", wake);
  addEventListener("offline", () => setOffline(true));
  document.addEventListener("visibilitychange", wake);
  document.addEventListener("resume", wake);
  // A page taken back from the browser's memory shows no old conversation.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  const isHere = given.here || sessionStorage.getItem("here") === given.conversation;
  if (given.conversation && isHere) enter(given.conversation);
  else if (at("again")) press(at("again").querySelector("button"), () => enter(given.conversation));
}

takeOver();
begin();
