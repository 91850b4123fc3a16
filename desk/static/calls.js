// What of the desk calls a worker, and how: the title, a line, a sound, a notice of the computer. Begun by desk.js.
"use strict";

// ---- what calls: a case that waits, words of a family that nobody has answered; until this worker has seen it
const KNOWN = "desk-known";
const SOUND = "desk-sound";
const NOTICE = "desk-notice";
const AGAIN_MS = 20000;
let audio = null;
let rung = 0;
let notice = null;

const known = () => new Set(JSON.parse(localStorage.getItem(KNOWN) || "[]"));
const calling = () => [...document.querySelectorAll("[data-call]")].map((one) => one.dataset.call);

function call() {
  if (page.ref && !document.hidden) know((key) => key.startsWith(`${page.ref}:`));
  const heard = known();
  const open = calling().filter((key) => !heard.has(key));
  document.title = open.length ? `● ${plain}` : plain;
  at("calls").hidden = !open.length;
  const hot = open.filter((key) => /:emergency(:|$)/.test(key)).length;
  const line = open.length ? `有 ${open.length} 件新的事在等${hot ? `，其中 ${hot} 件紧急` : ""}。` : "";
  if (at("calls-said").textContent !== line) at("calls-said").textContent = line;
  if (open.length > 0 && Date.now() - rung >= AGAIN_MS) ring();
  notify(line);
}

// Only what still calls is remembered, so that the list stays short.
function know(which) {
  const heard = known();
  localStorage.setItem(KNOWN, JSON.stringify(calling().filter((key) => heard.has(key) || which(key))));
}

function ring() {
  if (localStorage.getItem(SOUND) !== "on" || !audio || audio.state !== "running") return;
  rung = Date.now();
  for (const [start, pitch] of [[0, 660], [0.22, 880]]) {
    const tone = audio.createOscillator();
    const loudness = audio.createGain();
    tone.frequency.value = pitch;
    loudness.gain.setValueAtTime(0.15, audio.currentTime + start);
    loudness.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + start + 0.2);
    tone.connect(loudness).connect(audio.destination);
    tone.start(audio.currentTime + start);
    tone.stop(audio.currentTime + start + 0.2);
  }
}

// Of the computer, for a worker who looks at something else: numbers only, for others may see the screen. It stays until
// it was seen, and the next one takes its place.
function notify(line) {
  if (!line || !document.hidden || !noticesOn()) {
    notice?.close();
    notice = null;
  } else if (notice?.body !== line) {
    notice = new Notification("童行工作台", { body: line, tag: NOTICE, renotify: true, requireInteraction: true });
    notice.onclick = () => { window.focus(); notice?.close(); };
  }
}

const canNotify = () => "Notification" in window && isSecureContext;
const noticesOn = () => canNotify() && localStorage.getItem(NOTICE) === "on" && Notification.permission === "granted";

function showNotices() {
  const denied = Notification.permission === "denied";
  at("notices").setAttribute("aria-pressed", String(noticesOn()));
  at("notices").textContent = `桌面通知：${denied ? "浏览器不让" : noticesOn() ? "开" : "关"}`;
}

function beginNotices() {
  if (!canNotify()) return;
  at("notices").hidden = false;
  showNotices();
  at("notices").addEventListener("click", async () => {
    localStorage.setItem(NOTICE, noticesOn() ? "off" : "on");
    if (Notification.permission === "default") await Notification.requestPermission();
    showNotices();
    call();
  });
}

// Browsers are silent until somebody has touched the page.
function unmute() {
  if (localStorage.getItem(SOUND) !== "on") return;
  audio ||= new AudioContext();
  audio.resume();
}

function showSound() {
  const on = localStorage.getItem(SOUND) === "on";
  at("sound").setAttribute("aria-pressed", String(on));
  at("sound").textContent = `提示音：${on ? "开" : "关"}`;
}

function beginCalls() {
  beginNotices();
  at("sound").hidden = false;
  showSound();
  at("sound").addEventListener("click", () => {
    localStorage.setItem(SOUND, localStorage.getItem(SOUND) === "on" ? "off" : "on");
    showSound();
    unmute();
    rung = 0;
    call();
  });
  at("ack").addEventListener("click", () => { know(() => true); call(); });
  document.addEventListener("pointerdown", unmute);
  document.addEventListener("keydown", (event) => {
    unmute();
    if (event.altKey && event.code === "KeyK") { event.preventDefault(); know(() => true); call(); }
  });
  document.addEventListener("visibilitychange", call);
  setInterval(call, 5000);
  call();
}
