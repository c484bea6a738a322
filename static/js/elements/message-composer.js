import { TypingSignal } from "../lib/typing-signal.js";
import { text } from "../page.js";
import { live } from "../socket.js";
import { drafts, outbox, replies } from "../state.js";
import { uploadsOf } from "../uploading.js";
import { Completion } from "./composer/completion.js";
import { Editing } from "./composer/editing.js";
import { Levels } from "./composer/levels.js";
import { Strip } from "./composer/strip.js";
import { UploadTray } from "./composer/upload-tray.js";
import { VoiceRecorder } from "./composer/voice-recorder.js";
import { LiveElement } from "./live-element.js";
import { excerptOf } from "./message-list/quotes.js";

const LINES = 8;
const IME_KEY_CODE = 229;
const hasKeyboard = matchMedia("(hover: hover) and (pointer: fine)");

/** Where one writes: keeps the draft, tells the others that one types, and hands what is sent to the outbox. */
class MessageComposer extends LiveElement {
  connected(signal) {
    this.conversationId = this.dataset.conversationId;
    this.form = this.querySelector("form.composer");
    // Whom one can no longer write to leaves a note instead of a form.
    if (!this.form) return;
    // An empty message is simply not sent; the browser need not complain of it.
    this.form.noValidate = true;
    this.field = this.form.elements.content;
    this.typing = new TypingSignal((event) => live.send(event, { conversationId: this.conversationId }));
    this.editing = new Editing(this.parentElement.querySelector("message-list"));
    this.strip = new Strip(this.querySelector("[data-strip]"), { onCancel: () => this.#cancel(), signal });
    new Completion(this.field, signal);
    this.levels = new Levels(this, { signal });
    this.#takeFiles(signal);
    this.#takeVoice(signal);
    this.field.value ||= drafts.get(this.conversationId);
    this.#listen(signal);
    this.#showReply();
    this.#fit();
    if (hasKeyboard.matches && !document.querySelector("message-list .focused")) this.field.focus({ preventScroll: true });
  }

  disconnected() {
    this.typing?.stop();
  }

  /** Takes over a newer rendering of itself, which nobody has written in yet. */
  renew(fresh) {
    if (fresh.dataset.standing === this.dataset.standing) this.levels?.update(fresh);
    else this.replaceWith(fresh);
  }

  get #button() {
    return this.form.querySelector("[data-send]");
  }

  #listen(signal) {
    this.form.addEventListener("submit", (event) => this.#submit(event), { signal });
    this.field.addEventListener("keydown", (event) => this.#pressed(event), { signal });
    this.field.addEventListener("input", () => this.#typed(), { signal });
    this.field.addEventListener("blur", () => this.typing.stop(), { signal });
    // Pressing the button leaves the keyboard of a phone open.
    this.#button.addEventListener("mousedown", (event) => event.preventDefault(), { signal });
    drafts.addEventListener("changed", ({ detail }) => this.#draftChanged(detail), { signal });
    live.addEventListener("conversation_settings_updated", ({ detail }) => this.#settingsChanged(detail.conversation), { signal });
    const around = this.parentElement;
    around.addEventListener("reply-wanted", ({ target }) => this.#reply(target), { signal });
    around.addEventListener("edit-wanted", ({ target }) => this.#edit(target), { signal });
  }

  get #canSend() {
    if (this.editing.isOn) return true;
    const hasFiles = !this.uploads.isEmpty;
    return hasFiles ? this.uploads.isReady : this.field.value.trim() !== "";
  }

  #takeFiles(signal) {
    const input = this.form.elements.attachments;
    this.uploads = uploadsOf(this.conversationId, { accept: input.accept, maxSize: Number(input.dataset.maxSize) });
    new UploadTray({
      uploads: this.uploads,
      list: this.querySelector("[data-uploads]"),
      input,
      dropOn: this.parentElement,
      field: this.field,
      isAllowed: () => !this.querySelector(".attach").hidden,
      onChange: () => this.#fit(),
      signal,
    });
  }

  #takeVoice(signal) {
    const button = this.querySelector("[data-record]");
    const onSend = (attachment) => {
      outbox.add(this.conversationId, "", { ...this.#takeFields(), attachments: [attachment], isVoice: true });
      this.#fit();
    };
    new VoiceRecorder({ button, composer: this.form, onSend, price: () => this.levels.words, signal });
  }

  #settingsChanged({ id, settings }) {
    if (id !== this.conversationId) return;
    this.querySelector(".attach").hidden = !settings.allowFileSharing;
    this.querySelector("[data-record]").hidden = !settings.allowVoiceMessages;
  }

  #pressed(event) {
    const isComposing = event.isComposing || event.keyCode === IME_KEY_CODE;
    if (isComposing) return;
    const isPlain = !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey;
    if (event.key === "Escape") this.#escape(event);
    if (event.key === "ArrowUp" && isPlain) this.#editLast(event);
    if (event.key !== "Enter" || !isPlain) return;
    event.preventDefault();
    this.form.requestSubmit();
  }

  #submit(event) {
    event.preventDefault();
    const content = this.field.value.trim();
    if (this.editing.isOn) {
      this.#save(content);
    } else if (this.#canSend) {
      const attachments = this.uploads.take();
      outbox.add(this.conversationId, content, { ...this.#takeFields(), ...(attachments.length > 0 && { attachments }) });
      this.field.value = "";
      this.#typed();
    }
    if (hasKeyboard.matches) this.field.focus();
  }

  /** What goes with the text. The reply and a level that costs are done with; how long it lasts is chosen for those that follow too. */
  #takeFields() {
    const quote = replies.get(this.conversationId);
    const expiresIn = this.form.elements.expires_in?.value;
    const paid = this.levels.cost;
    this.levels.reset();
    replies.delete(this.conversationId);
    this.#showReply();
    return { ...(quote && { replyTo: quote.id, quote }), ...(expiresIn && { expiresIn }), ...(paid && { paid }) };
  }

  #typed() {
    if (!this.editing.isOn) drafts.set(this.conversationId, this.field.value);
    this.typing.typed(this.field.value);
    this.#fit();
  }

  #reply(bubble) {
    if (this.editing.isOn) this.#stopEditing();
    replies.put(this.conversationId, excerptOf(bubble));
    this.#showReply();
    this.field.focus();
  }

  #showReply() {
    const quote = replies.get(this.conversationId);
    if (quote) this.strip.show("reply", text("reply-to", quote), quote.text);
    else this.strip.hide();
  }

  #editLast(event) {
    const bubble = this.field.value || this.editing.isOn ? null : this.editing.last;
    if (!bubble) return;
    event.preventDefault();
    this.#edit(bubble);
  }

  async #edit(bubble) {
    const { text: words } = excerptOf(bubble);
    const content = await this.editing.begin(bubble);
    if (content === null || !this.isConnected) return;
    this.strip.show("edit", text("editing"), words);
    this.#fill(content);
    this.field.focus();
    this.field.setSelectionRange(content.length, content.length);
  }

  async #save(content) {
    if (this.isSaving) return;
    this.isSaving = true;
    const isDone = await this.editing.save(content);
    this.isSaving = false;
    if (isDone) this.#stopEditing();
    this.field.focus();
  }

  /** The draft that was set aside comes back, and the reply that it was. */
  #stopEditing() {
    this.editing.end();
    this.#fill(drafts.get(this.conversationId));
    this.#showReply();
  }

  #fill(content) {
    this.field.value = content;
    this.#fit();
  }

  #escape(event) {
    if (this.editing.isOn || replies.get(this.conversationId)) {
      event.preventDefault();
      this.#cancel();
    } else {
      this.field.blur();
    }
  }

  #cancel() {
    if (this.editing.isOn) {
      this.#stopEditing();
    } else {
      replies.delete(this.conversationId);
      this.#showReply();
    }
    this.field.focus();
  }

  /** Another tab writes in the same conversation. */
  #draftChanged({ conversationId, text: draft }) {
    const isElsewhere = conversationId !== this.conversationId || this.editing.isOn;
    if (!isElsewhere && this.field !== document.activeElement) this.#fill(draft);
  }

  #fit() {
    this.#button.disabled = !this.#canSend;
    const isEmpty = this.field.value === "" && !this.editing.isOn && this.uploads.isEmpty;
    this.form.classList.toggle("is-empty", isEmpty);
    this.form.classList.toggle("is-editing", this.editing.isOn);
    if (CSS.supports("field-sizing", "content")) return;
    const { lineHeight, paddingBlockStart, paddingBlockEnd } = getComputedStyle(this.field);
    const most = LINES * parseFloat(lineHeight) + parseFloat(paddingBlockStart) + parseFloat(paddingBlockEnd);
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, most)}px`;
  }
}

customElements.define("message-composer", MessageComposer);
