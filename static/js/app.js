import "../vendor/htmx.esm.min.js";
import "./behaviours/forms.js";
import "./behaviours/keyboard.js";
import "./behaviours/signing-out.js";
import "./behaviours/waking.js";
import "./behaviours/presence.js";
import "./behaviours/requests.js";
import "./behaviours/search.js";
import "./behaviours/settings.js";
import "./elements/app-shell.js";
import "./elements/conversation-list.js";
import "./elements/emoji-button.js";
import "./elements/expiry-choice.js";
import "./elements/expiry-timer.js";
import "./elements/lightbox.js";
import "./elements/local-time.js";
import "./elements/message-actions.js";
import "./elements/message-composer.js";
import "./elements/message-list.js";
import "./elements/message-reactions.js";
import "./elements/photo-picker.js";
import "./elements/pinned-messages.js";
import "./elements/presence-line.js";
import "./elements/priority-ring.js";
import "./elements/push-device.js";
import "./elements/time-chip.js";
import "./elements/typing-line.js";
import "./elements/voice-message.js";
import "./live-events.js";
import { watchConnection } from "./behaviours/connection.js";
import { watchNotifications } from "./behaviours/notifications.js";
import { isSignedIn } from "./page.js";
import { live } from "./socket.js";
import { outbox } from "./state.js";
import { showUnread } from "./unread.js";
import { renewSubscription } from "./worker.js";

if (isSignedIn) {
  live.connect();
  watchConnection();
  watchNotifications();
  renewSubscription();
  outbox.flush();
  showUnread();
  // htmx sets the title after its swap.
  document.addEventListener("htmx:finally:swap", showUnread);
}
