// SPDX-License-Identifier: Apache-2.0
// The resident's PINs, or the password of the signature certificate: which is asked for now, what
// is said before it is typed, and on to the card.
#include "config.h"

#include "bind.h"

#include "bind-intake.h"
#include "rows.h"

#include <glib/gi18n.h>

/* What of the intake says which is asked for. */
typedef struct
{
  gboolean text_too, by_signature, pad, unfit_pad;
  int of_text, of_key;
} Asked;

static Asked
look (IntakeBinding *self)
{
  Asked asked = { .of_text = MD_CARD_TRIES_NONE, .of_key = MD_CARD_TRIES_NONE };

  g_object_get (self->intake, "needs-text-pin", &asked.text_too, "by-signature",
                &asked.by_signature, "pin-pad", &asked.pad, "unfit-pad", &asked.unfit_pad,
                "tries-text", &asked.of_text, NULL);
  g_object_get (self->intake, asked.by_signature ? "tries-sign" : "tries-auth", &asked.of_key,
                NULL);
  return asked;
}

/* The PIN for reading comes first, where there is one. */
static gboolean
is_text_now (IntakeBinding *self, const Asked *asked)
{
  return asked->text_too && self->text_pin == NULL;
}

static MdCardPin
key_pin (const Asked *asked)
{
  return asked->by_signature ? MD_CARD_PIN_SIGN : MD_CARD_PIN_AUTH;
}

/* Whether the next wrong entry may lock this PIN. */
static gboolean
may_lock (int tries)
{
  return tries == 1 || tries == MD_CARD_TRIES_UNKNOWN;
}

/* Why the resident is to be asked about PIN, of which TRIES are left, before it is entered: the bit
 * of that answer; 0: nothing, or it was answered. */
static guint
doubt_about (IntakeBinding *self, MdCardPin pin, int tries)
{
  guint doubts = (may_lock (tries) ? MD_IDENTIFY_CONFIRMS (pin) : 0)
                 | (self->sent_before & MD_IDENTIFY_CONFIRMS_AGAIN (pin));
  guint open = doubts & ~self->sure_of;

  return open & MD_IDENTIFY_CONFIRMS (pin) ? MD_IDENTIFY_CONFIRMS (pin) : open;
}

/* The first doubt about what is entered next, as its bit; OUT_PIN: which PIN that is. */
static guint
find_doubt (IntakeBinding *self, const Asked *asked, MdCardPin *out_pin)
{
  gboolean text_now = is_text_now (self, asked);
  guint doubt = text_now ? doubt_about (self, MD_CARD_PIN_TEXT, asked->of_text) : 0;

  *out_pin = MD_CARD_PIN_TEXT;
  /* At the reader's keys, both are entered without a stop. */
  if (doubt == 0 && (asked->pad || !text_now))
    {
      *out_pin = key_pin (asked);
      doubt = doubt_about (self, *out_pin, asked->of_key);
    }
  return doubt;
}

/* Of each by its name: one try is left, or the card does not tell. */
static const struct
{
  const char *last, *untold;
} questions[] = {
  [MD_CARD_PIN_TEXT] = { N_ ("Only one try is left for the PIN for reading name and number. Is the "
                             "resident sure?"),
                         N_ ("The card does not tell how many tries are left for the PIN for "
                             "reading name and number. Is the resident sure?") },
  [MD_CARD_PIN_AUTH]
  = { N_ ("Only one try is left for the PIN for proving who it is. Is the resident sure?"),
      N_ ("The card does not tell how many tries are left for the PIN for proving who it is. Is "
          "the "
          "resident sure?") },
  [MD_CARD_PIN_SIGN]
  = { N_ ("Only one try is left for the password of the signature certificate. Is the resident "
          "sure?"),
      N_ ("The card does not tell how many tries are left for the password of the signature "
          "certificate. Is the resident sure?") },
};

static const char *
advice_of (MdCardPin pin, gboolean counted)
{
  if (pin == MD_CARD_PIN_SIGN)
    return counted
               ? _ ("After one more wrong password it is locked, and the resident has to have it "
                    "reset at the My Number card counter. If in doubt, use another way.")
               : _ ("It may be the last one: a wrong password may lock it, and the resident would "
                    "have to have it reset at the My Number card counter. If in doubt, use another "
                    "way.");
  return counted
             ? _ ("After one more wrong PIN it is locked, and the resident has to have it "
                  "reset at the My Number card counter. If in doubt, do not go on.")
             : _ ("It may be the last one: after a wrong PIN it may be locked, and the resident "
                  "would have to have it reset at the My Number card counter. If in doubt, do not "
                  "go on.");
}

/* PIN may lock with the next entry, or may be one that the card has refused: the resident is asked
 * first, for each by itself. */
static void
show_question (IntakeBinding *self, MdCardPin pin, guint doubt, int tries)
{
  const char *question
      = doubt != MD_IDENTIFY_CONFIRMS (pin)
            ? N_ ("The card may have refused the same entry before. Is the resident sure?")
            : (tries == 1 ? questions[pin].last : questions[pin].untold);

  g_object_set (self->model, "wants-pin", FALSE, "icon", "md-stop-symbolic", "identify-state",
                "deferred", "headline", gettext (question), "advice",
                may_lock (tries) ? advice_of (pin, tries == 1)
                                 : _ ("A wrong entry counts. If in doubt, do not go on."),
                "primary-text", _ ("The resident is sure"), "primary-action", "intake.next", NULL);
}

/* The reader has keys of its own: the screen only says what comes. */
static void
show_pad (IntakeBinding *self, const Asked *asked)
{
  g_autofree char *text = counter_text_of_tries (asked->of_text);
  g_autofree char *auth = counter_text_of_tries (asked->of_key);
  g_autofree char *advice
      = asked->text_too
            ? g_strdup_printf (_ ("The reader asks for two PINs, one after the other: first for "
                                  "reading name and number (%s), then for proving who it is (%s). "
                                  "Turn it to the resident and look away."),
                               text, auth)
            : g_strdup_printf (_ ("The card was read before. The reader asks for the PIN for "
                                  "proving who it is (%s). Turn it to the resident and look "
                                  "away."),
                               auth);

  g_object_set (self->model, "wants-pin", FALSE, "headline",
                _ ("The PINs are entered on the keys of the reader."), "advice", advice,
                "primary-text", _ ("Begin the entry"), "primary-action", "intake.next",
                "offers-screen-keys", TRUE, NULL);
}

/* What is different about a password. */
static void
show_password_advice (IntakeBinding *self, gboolean unfit_pad)
{
  g_autofree char *advice = g_strdup_printf (
      "%s%s%s",
      _ ("Turn keyboard and screen to the resident and look away. It has 6 to 16 characters: "
         "capital "
         "letters and digits."),
      unfit_pad ? "\n" : "",
      unfit_pad ? _ ("The keys of the reader have no letters, so it is entered here.") : "");

  g_object_set (self->model, "headline",
                _ ("Ask the resident to enter the password of the signature certificate."),
                "advice", advice, "primary-text", _ ("Password entered"), NULL);
}

static const char *
title_of (MdCardPin pin)
{
  if (pin == MD_CARD_PIN_SIGN)
    return _ ("Password of the signature certificate (6 to 16 letters and digits)");
  return pin == MD_CARD_PIN_TEXT ? _ ("PIN for reading name and number (4 digits)")
                                 : _ ("PIN for proving who it is (4 digits)");
}

static const char *
purpose_of (MdCardPin pin)
{
  if (pin == MD_CARD_PIN_SIGN)
    return "sign-password";
  return pin == MD_CARD_PIN_TEXT ? "text-pin" : "auth-pin";
}

/* Which of two it is; or that only it was wrong, and is asked for again. */
static const char *
step_of (IntakeBinding *self, const Asked *asked, MdCardPin pin)
{
  if (!asked->text_too)
    return md_intake_get_read_before (self->intake) ? _ ("The card was read before: only this one")
                                                    : "";
  if (self->again == pin)
    return pin == MD_CARD_PIN_SIGN ? _ ("Only the password again") : _ ("Only this one again");
  return pin == MD_CARD_PIN_TEXT ? _ ("First of two") : _ ("Second of two");
}

static void
show_entry (IntakeBinding *self, const Asked *asked, gboolean asks)
{
  gboolean text_now = is_text_now (self, asked);
  MdCardPin pin = text_now ? MD_CARD_PIN_TEXT : key_pin (asked);
  int left = text_now ? asked->of_text : asked->of_key;
  g_autofree char *tries = counter_text_of_tries (left);

  if (asks && pin == MD_CARD_PIN_SIGN)
    show_password_advice (self, asked->unfit_pad);
  g_object_set (self->model, "pin-letters", pin == MD_CARD_PIN_SIGN, "pin-purpose",
                purpose_of (pin), "pin-step", step_of (self, asked, pin), "pin-title",
                title_of (pin), "tries", tries, "tries-state", left == 1 ? "deferred" : "none",
                "wants-pin", asks, NULL);
}

void
counter_intake_show_pins (IntakeBinding *self, gboolean asks)
{
  const Asked asked = look (self);
  MdCardPin doubtful = MD_CARD_PIN_NONE;
  guint doubt = find_doubt (self, &asked, &doubtful);

  g_object_set (self->model, "offers-screen-keys", FALSE, "offers-signature",
                md_intake_get_can_use_signature (self->intake), NULL);
  if (asks && doubt != 0)
    show_question (self, doubtful, doubt,
                   doubtful == MD_CARD_PIN_TEXT ? asked.of_text : asked.of_key);
  else if (asks && asked.pad)
    show_pad (self, &asked);
  else
    show_entry (self, &asked, asks);
}

void
counter_intake_forget_pins (IntakeBinding *self)
{
  g_clear_pointer (&self->text_pin, md_secret_unref);
  g_clear_pointer (&self->auth_pin, md_secret_unref);
  g_clear_pointer (&self->password, md_secret_unref);
  g_clear_pointer (&self->front, md_secret_unref);
  g_clear_pointer (&self->back, md_secret_unref);
  self->again = MD_CARD_PIN_NONE;
  self->sure_of = self->sent_before = 0;
}

/* --- on to the card --- */

/* The next entry of PIN is asked about first. */
static void
ask_again (IntakeBinding *self, MdCardPin pin)
{
  self->sent_before = MD_IDENTIFY_CONFIRMS_AGAIN (pin);
  g_object_notify (G_OBJECT (self->intake), "wait");
}

/* One was refused: it alone is asked again. Whatever else happened, both are. */
static void
keep_right_pin (IntakeBinding *self, const GError *error)
{
  MdCardPin pin = md_card_error_get_pin (error);
  gboolean refused = g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_WRONG)
                     || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_SAME)
                     || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_FORMAT);

  /* At the reader's keys nothing was kept. */
  if (!refused || (self->text_pin == NULL && self->auth_pin == NULL && self->password == NULL))
    {
      counter_intake_forget_pins (self);
      if (g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_SENT_BEFORE))
        ask_again (self, pin);
      return;
    }
  if (pin == MD_CARD_PIN_TEXT)
    g_clear_pointer (&self->text_pin, md_secret_unref);
  else
    {
      g_clear_pointer (&self->auth_pin, md_secret_unref);
      g_clear_pointer (&self->password, md_secret_unref);
    }
  self->again = pin;
  g_object_notify (G_OBJECT (self->intake), "wait");
}

static void
identified_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GObject) window = data;
  IntakeBinding *self = g_object_get_data (window, "bind-intake");
  g_autoptr (GError) error = NULL;

  (void)md_intake_identify_finish (MD_INTAKE (source), result, &error);
  if (error != NULL)
    g_debug ("intake: %s", error->message);
  if (self == NULL)
    return;
  self->identifying = FALSE;
  if (self->intake != MD_INTAKE (source))
    return;
  if (error != NULL)
    keep_right_pin (self, error);
  else
    counter_intake_forget_pins (self);
}

static void
identify (IntakeBinding *self)
{
  guint confirmed = self->sure_of;

  self->sure_of = 0;
  self->identifying = TRUE;
  md_intake_identify_async (
      self->intake, self->text_pin, self->password != NULL ? self->password : self->auth_pin,
      confirmed, counter_intake_begin (self), identified_cb, g_object_ref (self->window));
}

gboolean
counter_intake_take_pin (IntakeBinding *self, const char *purpose, MdSecret *secret)
{
  MdSecret **place = g_strcmp0 (purpose, "text-pin") == 0        ? &self->text_pin
                     : g_strcmp0 (purpose, "auth-pin") == 0      ? &self->auth_pin
                     : g_strcmp0 (purpose, "sign-password") == 0 ? &self->password
                                                                 : NULL;
  Asked asked;

  if (place == NULL)
    return FALSE;
  g_clear_pointer (place, md_secret_unref);
  *place = md_secret_ref (secret);
  asked = look (self);
  if (!is_text_now (self, &asked) && (asked.by_signature ? self->password : self->auth_pin) != NULL)
    identify (self);
  else
    g_object_notify (G_OBJECT (self->intake), "wait"); /* on to the second */
  return TRUE;
}

/* The resident is sure about what may be the last try; or the entry at the reader's keys begins. */
void
counter_intake_next_of_pins (IntakeBinding *self)
{
  const Asked asked = look (self);
  MdCardPin pin = MD_CARD_PIN_NONE;
  guint doubt = find_doubt (self, &asked, &pin);

  if (doubt != 0)
    {
      self->sure_of |= doubt;
      g_object_notify (G_OBJECT (self->intake), "wait");
    }
  else if (asked.pad)
    {
      guint sure_of = self->sure_of;

      counter_intake_forget_pins (self);
      self->sure_of = sure_of;
      identify (self);
    }
}

/* --- the choice --- */

static void
use_signature_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;

  counter_intake_forget_pins (self);
  if (self->intake != NULL)
    md_intake_use_signature (self->intake, TRUE);
}

static void
use_pins_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;

  counter_intake_forget_pins (self);
  if (self->intake == NULL)
    return;
  md_intake_use_signature (self->intake, FALSE);
  md_intake_use_face (self->intake, FALSE);
}

static void
screen_keys_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;

  if (self->intake != NULL)
    md_intake_use_screen_keys (self->intake);
}

void
counter_intake_bind_pins (IntakeBinding *self, GActionMap *actions)
{
  static const GActionEntry entries[] = {
    { .name = "use-signature", .activate = use_signature_activated },
    { .name = "use-pins", .activate = use_pins_activated },
    { .name = "screen-keys", .activate = screen_keys_activated },
  };

  g_action_map_add_action_entries (actions, entries, G_N_ELEMENTS (entries), self);
}
