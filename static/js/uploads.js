/* Files sent ahead of their form, in pieces, by the tus protocol: a lost network, a closed lid or a
   reload costs one piece. The form carries only their keys. Found by form[data-tus]; without it, or
   in a browser that cannot, files go with their form as ever. */
(function () {
  "use strict";
  var inWords = window.inWords;
  var PIECE = 5 * 1024 * 1024, PAUSES = [0, 1000, 3000, 5000, 10000, 20000];
  if (!window.tus || !window.tus.isSupported) return;

  function size(bytes) {
    var units = ["bytes", "KB", "MB", "GB"], step = 0;
    while (bytes >= 1024 && step < 3) { bytes /= 1024; step += 1; }
    return Number(bytes.toFixed(1)) + " " + units[step];
  }

  function Sender(form) {
    var $ = function (selector) { return form.querySelector(selector); };
    var input = $("input[type=file]"), list = $("[data-uploads-list]"), template = document.getElementById("sending-row");
    var samples = $("[name=samples]"), said = $("[data-uploads-said]");
    if (!input || !list || !template) return;
    var largest = Number(form.dataset.tusMax), most = Number(input.dataset.maxCount), rows = [], wanted = null;

    var SIGN_IN = inWords("You are signed out. Sign in in another tab, then go on");
    /* Who signed in anew has another token: the page as it is drawn now tells it. */
    function renewToken() {
      return fetch(window.location.href, { credentials: "same-origin" }).then(function (answer) {
        if (!answer.ok || answer.redirected) throw new Error("signed out");
        return answer.text();
      }).then(function (text) {
        var fresh = new DOMParser().parseFromString(text, "text/html").querySelector("main [name=csrfmiddlewaretoken]");
        if (!fresh) throw new Error("no form");
        form.elements.namedItem("csrfmiddlewaretoken").value = fresh.value;
      });
    }
    function csrf() { return form.elements.namedItem("csrfmiddlewaretoken").value; }
    function tell(words) { if (said) { said.textContent = words; said.hidden = !words; } }
    function drop(url) { return fetch(url, { method: "DELETE", credentials: "same-origin", headers: { "X-CSRFToken": csrf(), "Tus-Resumable": "1.0.0" } }).catch(function () { /* it expires by itself */ }); }
    function count() {
      list.hidden = !rows.some(isHere);
      if (wanted) return;
      var others = rows.filter(function (row) { return !isHere(row); }).length;
      tell(others ? others + (others === 1 ? " file waits" : " files wait") + " with the " + (isNote() ? "answer" : "note") + "." : "");
    }

    /* A composer has two sides, each with files of its own as with a text of its own: what was
       chosen for a note is not sent to the customer by a slip of the mouse. */
    function isNote() { var note = $(".is-note"); return Boolean(note && note.checked); }
    function isHere(row) { return row.isForNote === isNote(); }
    function turn() {
      rows.forEach(function (row) {
        var isOther = !isHere(row);
        row.item.hidden = isOther;
        Array.from(row.item.querySelectorAll("[name=uploads]")).forEach(function (key) { key.disabled = isOther; });
      });
      count();
    }
    form.addEventListener("change", function (event) {
      if (event.target.name !== "kind" || !form.classList.contains("composer")) return;
      /* What was to be sent with its last file is no longer what stands here. */
      wanted = null;
      turn();
    });

    /* What waits here from before: whole, or to be gone on with when the same file is chosen. */
    Array.from(list.children).forEach(function (item) {
      if (!item.dataset.url) return;
      var row = { item: item, key: item.dataset.key, url: item.dataset.url, isDone: item.dataset.done === "yes", isForNote: item.dataset.for === "note", name: item.dataset.name, size: Number(item.dataset.size), modified: Number(item.dataset.modified) };
      rows.push(row);
      var remove = item.querySelector("[data-remove]");
      remove.hidden = false;
      remove.addEventListener("click", function () { forget(row); });
      /* Drawn without a tick where the page opened on the other side. */
      var box = item.querySelector("[name=uploads]");
      if (box && row.isForNote) box.checked = true;
    });
    turn();

    function forget(row) {
      if (row.upload) row.upload.abort(false);
      if (row.url) drop(row.url);
      rows.splice(rows.indexOf(row), 1);
      row.item.remove();
      count();
      settle();
      input.focus();
    }

    function Row(file, isSample) {
      var item = template.content.cloneNode(true).firstElementChild, row = this;
      this.item = item;
      this.file = file;
      this.name = file.name;
      this.isSample = isSample;
      this.isForNote = isNote();
      item.querySelector(".uploads__name").textContent = isSample ? inWords("%1 (sample)", file.name) : file.name;
      this.bar = item.querySelector("progress");
      this.bar.setAttribute("aria-label", inWords("%1, sent so far", file.name));
      this.pause = item.querySelector("[data-pause]");
      this.again = item.querySelector("[data-again]");
      var remove = item.querySelector("[data-remove]");
      remove.setAttribute("aria-label", inWords("Remove %1", file.name));
      this.pause.setAttribute("aria-label", inWords("Pause %1", file.name));
      this.again.setAttribute("aria-label", inWords("Go on with %1", file.name));
      remove.addEventListener("click", function () { forget(row); });
      this.pause.addEventListener("click", function () { row.upload.abort(false); row.rest(inWords("Paused at %1", row.far())); row.again.focus(); });
      this.again.addEventListener("click", function () { row.start(); });
      list.append(item);
    }
    Row.prototype.state = function (words) { this.item.querySelector(".uploads__state").textContent = words; };
    Row.prototype.far = function () { return inWords("%1 of %2", size(this.sent || 0), size(this.file.size)); };
    Row.prototype.rest = function (words) {
      this.isRunning = false;
      this.pause.hidden = true;
      this.again.hidden = false;
      this.state(words);
      settle();
    };
    Row.prototype.fail = function (words) {
      this.isRunning = false;
      this.hasFailed = true;
      this.item.classList.add("is-failed");
      this.pause.hidden = this.again.hidden = true;
      this.bar.hidden = true;
      this.state(words);
      settle();
    };
    Row.prototype.start = function () {
      var row = this;
      this.isRunning = true;
      this.isLost = false;
      this.pause.hidden = false;
      this.again.hidden = true;
      this.state(inWords("Sending, %1", this.far()));
      if (!this.isSignedOut) this.upload.start();
      else renewToken().then(function () { row.isSignedOut = false; if (row.isRunning) row.upload.start(); }, function () { row.rest(SIGN_IN); });
      return row;
    };
    Row.prototype.send = function (url) {
      var row = this, about = { filename: this.file.name, filetype: this.file.type, modified: String(this.file.lastModified) };
      if (form.dataset.tusTicket) about.ticket = form.dataset.tusTicket;
      if (form.dataset.tusCompany) about.company = form.dataset.tusCompany;
      if (form.dataset.tusKind) about.kind = form.dataset.tusKind;
      if (this.isForNote) about.kind = "note";
      if (this.isSample) about.sample = "1";
      this.upload = new window.tus.Upload(this.file, {
        endpoint: form.dataset.tus,
        uploadUrl: url || null,
        chunkSize: PIECE,
        retryDelays: PAUSES,
        storeFingerprintForResuming: false,
        metadata: about,
        onBeforeRequest: function (request) { request.setHeader("X-CSRFToken", csrf()); },
        onUploadUrlAvailable: function () { row.url = row.upload.url; },
        onProgress: function (sent) {
          row.sent = sent;
          row.bar.value = 100 * sent / row.file.size;
          if (row.isRunning) row.state(inWords("Sending, %1", row.far()));
        },
        onError: function (error) {
          var answer = error.originalResponse, status = answer ? answer.getStatus() : 0;
          if (status === 401) { row.isSignedOut = true; row.rest(SIGN_IN); }
          else if (status === 413 || status === 403 || status === 507) row.fail(answer.getBody());
          else if (status === 404 || status === 410) row.fail(inWords("It is no longer here. Remove it and choose it again"));
          else { row.isLost = true; row.rest(inWords("Connection lost at %1. It goes on by itself", row.far())); }
        },
        onSuccess: function () { row.url = row.upload.url; row.done(); }
      });
      this.start();
    };
    Row.prototype.done = function () {
      var key = document.createElement("input");
      this.isRunning = false;
      this.isDone = true;
      key.type = "hidden";
      key.name = "uploads";
      key.value = this.url.replace(/\/$/, "").split("/").pop();
      key.disabled = !isHere(this);
      this.item.append(key);
      this.item.classList.add("is-done");
      this.bar.hidden = this.pause.hidden = this.again.hidden = true;
      this.state(inWords("%1, here", size(this.file.size)));
      this.look(0);
      settle();
    };
    /* The hash, and what the scanner says, as soon as the server knows them. */
    Row.prototype.look = function (times) {
      var row = this;
      fetch(this.url, { credentials: "same-origin" }).then(function (answer) { return answer.ok ? answer.json() : null; }).then(function (told) {
        if (!told || !row.item.isConnected) return;
        if (told.scan === "refused") { row.refuse(told.words); return; }
        if (told.sha256) row.state(size(row.file.size) + ". " + told.words + ". SHA-256 " + told.sha256.slice(0, 12) + "…");
        if (!told.is_inspected && times < 30) setTimeout(function () { row.look(times + 1); }, 2000);
      }).catch(function () { /* the ticket shows it later */ });
    };
    Row.prototype.refuse = function (words) {
      var row = this, button = document.createElement("button");
      this.item.querySelector("[name=uploads]").remove();
      this.item.classList.remove("is-done");
      this.fail(words + ". ");
      button.type = "button";
      button.className = "btn btn-secondary btn-sm";
      button.textContent = inWords("Send it as a malware sample");
      button.addEventListener("click", function () { var file = row.file; forget(row); add(file, true); });
      this.item.querySelector(".uploads__state").append(button);
    };

    function add(file, isSample) {
      var row = new Row(file, isSample), from = "";
      var known = rows.find(function (one) { return !one.file && !one.isDone && isHere(one) && one.name === file.name && one.size === file.size && one.modified === file.lastModified; });
      if (known) { from = known.url; rows.splice(rows.indexOf(known), 1); known.item.remove(); }
      rows.push(row);
      if (!file.size) row.fail(inWords("The file is empty"));
      else if (file.size > largest) row.fail(inWords("Larger than %1", size(largest)));
      else if (most && rows.filter(function (one) { return isHere(one) && !one.hasFailed; }).length > most) row.fail(inWords("More than %1 files", most));
      else row.send(from);
      count();
    }
    input.sendAhead = function (files) {
      input.value = "";
      files.forEach(function (file) {
        var twice = rows.some(function (one) { return one.file && isHere(one) && one.file.name === file.name && one.file.size === file.size && one.file.lastModified === file.lastModified; });
        if (!twice) add(file, Boolean(samples && samples.checked));
      });
    };

    /* The form waits until everything is here, and is then sent by itself. */
    function settle() {
      if (!wanted) { return; }
      var here = rows.filter(isHere), running = here.filter(function (row) { return row.isRunning || row.isLost; }).length;
      if (running) { tell(running === 1 ? inWords("It is sent as soon as the file is here.") : inWords("It is sent as soon as %1 files are here.", running)); return; }
      var button = wanted;
      wanted = null;
      tell("");
      if (here.every(function (row) { return row.isDone || (!row.file && !row.upload); })) form.requestSubmit(button);
      else tell(inWords("Not sent: go on with the marked file, or remove it."));
    }
    /* Before portal.js asks whether the portal can be reached: on a slow line that question would
       stand behind the file. */
    window.addEventListener("submit", function (event) {
      var button = event.submitter;
      if (event.target !== form || (button && button.formNoValidate)) return;
      if (rows.filter(isHere).every(function (row) { return row.isDone || !row.file; })) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      wanted = button || form.querySelector("[type=submit]");
      settle();
    }, true);
    window.addEventListener("online", function () { rows.forEach(function (row) { if (row.isLost) row.start(); }); });
    window.addEventListener("beforeunload", function (event) { if (rows.some(function (row) { return row.isRunning; })) event.preventDefault(); });

    if (!form.classList.contains("composer")) {
      form.addEventListener("paste", function (event) {
        var files = event.clipboardData ? Array.from(event.clipboardData.files) : [];
        if (!files.length) return;
        event.preventDefault();
        input.sendAhead(files);
      });
    }
  }

  document.querySelectorAll("form[data-tus]").forEach(function (form) { new Sender(form); });
})();
