/* What happens meanwhile: told by server-sent events, asked for every twenty seconds where there are
   none. It only says that something is new (#queue-news, #ticket-news); rows and words move when the
   reader wants them to. A hidden page holds no stream: browsers open six connections to a host. */
(function () {
  "use strict";
  var POLL = 20000, SLOW = 120000, AGAIN = 60000, SETTLE = 400, PAUSE = 3000;
  var $ = function (selector, root) { return (root || document).querySelector(selector); };
  var place = $("[data-live]");
  if (!place || !window.htmx) return;
  var source = null, isLive = false, askedAt = Date.now(), waiting = null, retry = null;

  /* ── Asking: never twice at once, and not more often than every few seconds ── */
  function ask() {
    waiting = null;
    askedAt = Date.now();
    place = $("#" + place.id) || place;
    if (place.dataset.version !== undefined) place.setAttribute("hx-vals", JSON.stringify({ since: place.dataset.version }));
    window.htmx.trigger(place, "news");
  }
  function soon() {
    if (waiting) return;
    /* Many pages hear of one change: they do not all ask in the same moment. */
    waiting = setTimeout(ask, Math.max(SETTLE + Math.random() * SETTLE, askedAt + PAUSE - Date.now()));
  }
  setInterval(function () {
    if (!document.hidden && Date.now() - askedAt >= (isLive ? SLOW : POLL)) soon();
  }, 5000);
  /* Whoever was signed out meanwhile would get the sign-in page here. */
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (!event.detail.target.matches("[data-live]")) return;
    var asked = event.detail.requestConfig.path.split("?")[0], answered = new URL(event.detail.xhr.responseURL).pathname;
    if (asked !== answered) event.detail.shouldSwap = false;
  });

  /* ── Listening ── */
  function listen() {
    clearTimeout(retry);
    if (source || document.hidden || !window.EventSource) return;
    var version = place.dataset.version;
    source = new EventSource(place.dataset.live + (version ? (place.dataset.live.includes("?") ? "&" : "?") + "version=" + version : ""));
    source.addEventListener("listening", function () { show(true); });
    source.addEventListener("news", function (event) {
      if (place.dataset.version !== undefined && Number(event.data) <= Number(place.dataset.version)) return;
      if ($("[data-goes-out]")) renew(true); else soon();
    });
    source.addEventListener("here", function (event) { showHere(JSON.parse(event.data)); });
    source.addEventListener("looks", function (event) { looks = JSON.parse(event.data); showLooks(); });
    source.addEventListener("unheld", rest);
    source.onerror = function () {
      show(false);
      forget();
      /* While it is neither closed nor open the browser tries again by itself. */
      if (!source || source.readyState === EventSource.CLOSED) rest();
    };
  }
  function forget() { showHere([]); looks = []; showLooks(); }
  function show(live) { isLive = live; place.dataset.isLive = live ? "yes" : "no"; }
  function leave() {
    clearTimeout(retry);
    show(false);
    if (source) source.close();
    source = null;
    forget();
  }
  function rest() { leave(); retry = setTimeout(listen, AGAIN); }
  document.addEventListener("visibilitychange", function () {
    if (document.hidden) { leave(); return; }
    listen();
    if (Date.now() - askedAt > PAUSE) soon();
  });
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", function (event) { if (event.persisted) { listen(); soon(); } });
  window.addEventListener("online", function () { leave(); listen(); soon(); });

  /* ── Who else is here ── */
  function showHere(people) {
    var line = $("[data-here]");
    if (!line) return;
    var types = people.filter(function (one) { return one.types; }), looks = people.filter(function (one) { return !one.types; });
    function told(some, verb) {
      if (!some.length) return "";
      var names = some.slice(0, 3).map(function (one) { return one.name; });
      if (some.length > 3) names.push((some.length - 3) + " more");
      var last = names.pop();
      return (names.length ? names.join(", ") + " and " : "") + last + (some.length > 1 ? " are " : " is ") + verb;
    }
    var words = [told(types, "writing"), told(looks, "here")].filter(Boolean).join(", ");
    if (words) {
      var mark = document.createElement("span");
      mark.className = "here__mark" + (types.length ? " here__mark--writes" : "");
      line.replaceChildren(mark, words);
    }
    line.hidden = !words;
  }
  /* In the queue: who looks at which ticket, as marks in its row. They move nothing and are read with
     the row, not by themselves. */
  var looks = [];
  function showLooks() {
    var marks = new Map(looks.map(function (one) { return [String(one.ticket), one.people]; }));
    document.querySelectorAll(".queue tr[data-row]").forEach(function (row) {
      var title = $(".queue__title > div", row), old = $(".queue__here", title), people = marks.get($(".id", title).textContent.replace(/^TK-/, ""));
      if (old) old.remove();
      if (!people) return;
      var names = people.map(function (one) { return one.name; }).join(", ") + (people.length > 1 ? " are here" : " is here");
      var place = document.createElement("span");
      place.className = "queue__here";
      place.title = names;
      place.setAttribute("role", "img");
      place.setAttribute("aria-label", names);
      people.slice(0, 2).forEach(function (one) {
        var mark = document.createElement("span");
        mark.className = "avatar avatar--us avatar--sm presence";
        mark.textContent = one.initials;
        place.append(mark);
      });
      if (people.length > 2) place.append("+" + (people.length - 2));
      title.append(place);
    });
  }
  document.addEventListener("portal:renewed", showLooks);
  var box = $("#composer-body"), typedAt = 0, isTyping = false;
  function sayTyping(stopped) {
    var data = new FormData(), token = $("meta[name=csrf-token]");
    if (stopped) data.set("stopped", "1");
    if (token) data.set("csrfmiddlewaretoken", token.content);
    fetch(place.dataset.typing, { method: "POST", body: data, redirect: "manual", keepalive: true, credentials: "same-origin" }).catch(function () { /* nobody is told, then */ });
  }
  if (box && place.dataset.typing) {
    box.addEventListener("input", function () {
      if (!isLive || Date.now() - typedAt < 5000) return;
      typedAt = Date.now();
      isTyping = true;
      sayTyping(false);
    });
    box.addEventListener("blur", function () {
      if (isTyping && isLive) sayTyping(true);
      isTyping = false;
      typedAt = 0;
    });
  }

  /* ── A ticket's page anew around the composer, which nobody touches ── */
  var PARTS = [".thread", ".clock-card", ".ticket-head", "#ticket-news", ".with-side__side"];
  function busy(part) {
    return part.contains(document.activeElement) && part.matches(".with-side__side")
      || Array.from(part.querySelectorAll("form :is(textarea, select, input:not([type=hidden]))")).some(function (field) {
        return field.offsetParent !== null && isChanged(field);
      });
  }
  function isChanged(field) {
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (!field.options) return field.value !== field.defaultValue;
    /* Where the page chose none, the browser shows the first. */
    var drawn = field.querySelector("option[selected]") || field.options[0];
    return Boolean(drawn) && field.value !== drawn.value;
  }
  /* What is being asked about or sent stays: a form that is replaced under it would send nothing. */
  var later = null;
  function isUnderWay() { return Boolean($("main :is(form[data-reaching], form[data-sending], [data-asking])")); }
  function focusOn(item, isStill) {
    item.setAttribute("tabindex", "-1");
    item.focus({ preventScroll: isStill });
  }
  function renew(isQuiet) {
    fetch(window.location.pathname, { credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok || answer.redirected) throw new Error("not the ticket");
      return answer.text();
    }).then(function (text) {
      var fresh = new DOMParser().parseFromString(text, "text/html"), known = new Set(), composer = $("form.composer"), scrolled = window.scrollY;
      if (!$("#ticket-news", fresh) || !$("#ticket-news")) return;
      if (isUnderWay()) { clearTimeout(later); later = setTimeout(renew, PAUSE, isQuiet); return; }
      var before = composer && composer.getBoundingClientRect().top;
      /* What others did meanwhile may make another answer of what is being written: renewed in
         passing, the page goes on asking for it and does not count it as read. */
      var keepsAsking = isQuiet && box && box.value.trim() !== "";
      var held = document.activeElement, item = held.closest(".thread > [id]"), part = PARTS.find(function (selector) { return held.closest(selector); });
      Array.from(document.querySelectorAll(".thread > [id]")).forEach(function (item) { known.add(item.id); });
      PARTS.forEach(function (selector) {
        var old = $(selector), renewed = $(selector, fresh);
        if (!old || !renewed || busy(old) || (keepsAsking && selector === "#ticket-news")) return;
        Array.from(old.querySelectorAll("details[id][open]")).forEach(function (fold) {
          var same = renewed.querySelector("#" + fold.id);
          if (same) same.open = true;
        });
        old.replaceWith(document.adoptNode(renewed));
      });
      place = $("#ticket-news");
      window.htmx.process(document.body);
      if (!keepsAsking) ["seen_message", "seen_event"].forEach(function (name) {
        var now = $("[name=" + name + "]", fresh);
        if (now) Array.from(document.querySelectorAll("[name=" + name + "]")).forEach(function (field) { field.value = now.value; });
      });
      var first = Array.from(document.querySelectorAll(".thread > [id]")).find(function (item) { return !known.has(item.id); });
      if (isQuiet) {
        /* The composer stays where the reader's eyes are. */
        if (composer && composer.contains(document.activeElement)) window.scrollBy(0, composer.getBoundingClientRect().top - before);
        else window.scrollTo(0, scrolled);
        /* Whoever was in a part that is another now is where it stood; what went out is the newest. */
        if (part && !held.isConnected) focusOn(item && document.getElementById(item.id) || part !== ".thread" && $(part) || first || $(".thread > :last-child"), true);
      } else {
        focusOn(first || $(".thread > :last-child"), false);
      }
      if (keepsAsking) soon();
      count();
    }).catch(function () { if (!isQuiet) $("#notices").replaceChildren(document.getElementById("connection-lost").content.cloneNode(true)); });
  }
  document.addEventListener("click", function (event) { if (event.target.closest("[data-refresh-ticket]")) renew(false); });

  /* ── What goes out in a moment: the seconds left, and then the page as it is ── */
  var counting = null;
  function count() {
    clearTimeout(counting);
    var all = Array.from(document.querySelectorAll("[data-goes-out]"));
    if (!all.length) return;
    all.forEach(function (one) {
      /* Counted from when the page was drawn: the reader's own clock may be wrong. */
      if (!one.endsAt) one.endsAt = performance.now() + Number(one.dataset.goesOut) * 1000;
      var left = Math.ceil((one.endsAt - performance.now()) / 1000), said = $("[data-left]", one), undo = $("[data-undo]", one);
      if (said) said.textContent = left > 0 ? " (" + left + ")" : "";
      if (undo) undo.hidden = left < -1;
      if (left < -2 && !one.dataset.asked) { one.dataset.asked = "yes"; renew(true); }
    });
    counting = setTimeout(count, 500);
  }

  listen();
  count();
})();
