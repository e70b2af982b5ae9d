// SPDX-License-Identifier: Apache-2.0
/* card change-pin: the holder of a card gives a PIN that they know another value. Typed at the
 * reader's own keypad where it has one that can, else here. */
#include <glib/gi18n.h>
#include "md-card.h"
#include "md-pcsc.h"

#include "output.h"
#include "readers.h"
#include "terminal.h"
#include "verb.h"

/* For each answer of a card; a keypad waits longer by itself. */
#define PATIENCE_S 10
#define LAST_WORD "yes"
#define TYPED_SIZE (4 * MD_LIMIT_PIN) /* with an IME each takes more than one byte */

static const struct
{
  const char *word;
  MdCardPin pin;
} pins[] = {
  { "auth", MD_CARD_PIN_AUTH },
  { "text", MD_CARD_PIN_TEXT },
  { "sign", MD_CARD_PIN_SIGN },
};

/* One change, here and on the worker, in turns; counted, since the worker may be left behind with a
 * card that says nothing. */
typedef struct
{
  MdCardPin pin;
  char *reader;   /* on which the card lies, and */
  guint32 events; /* which one it is while it lies there */
  int tries;
  gboolean at_pad, new_at_pad;
  MdCardVerifyFlags flags;
  MdSecret *old, *fresh; /* NULL: typed at the keypad */
  int opened;            /* the card has taken the old one; atomic */
  gboolean tried;        /* it was let loose on the card */
} Change;

static Change *
change_new (MdCardPin pin)
{
  Change *self = g_atomic_rc_box_new0 (Change);

  self->pin = pin;
  return self;
}

static void
change_clear (gpointer data)
{
  Change *self = data;

  g_free (self->reader);
  g_clear_pointer (&self->old, md_secret_unref);
  g_clear_pointer (&self->fresh, md_secret_unref);
}

static void
change_unref (gpointer self)
{
  g_atomic_rc_box_release_full (self, change_clear);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Change, change_unref)

/* FUNC with SELF on the worker. */
static gboolean
run (MdPcsc *pcsc, Change *self, MdCardJobFunc func, GError **error)
{
  const MdCardJob job = { .reader = self->reader,
                          .events = self->events,
                          .func = func,
                          .data = g_atomic_rc_box_acquire (self),
                          .data_free = change_unref,
                          .result_free = change_unref };
  g_autoptr (Change) done = readers_run (pcsc, &job, error);

  return done != NULL;
}

/* --- on the worker; the result is the change itself, or NULL --- */

static gpointer
look_job (MdCardConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  Change *self = data;
  g_autoptr (MdMyNumberCard) card = md_mynumber_card_new (connection, cancellable, error);

  if (card == NULL
      || !md_mynumber_card_get_tries (card, self->pin, &self->tries, cancellable, error))
    return NULL;
  self->at_pad = md_mynumber_card_can_enter (card, self->pin, cancellable);
  self->new_at_pad = self->at_pad && md_mynumber_card_can_enter_new (card, self->pin, cancellable);
  return g_atomic_rc_box_acquire (self);
}

static gpointer
change_job (MdCardConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  Change *self = data;
  g_autoptr (MdMyNumberCard) card = md_mynumber_card_new (connection, cancellable, error);

  if (card == NULL)
    return NULL;
  if (self->old != NULL
          ? !md_mynumber_card_verify (card, self->pin, self->old, self->flags, cancellable, error)
          : !md_mynumber_card_enter (card, self->pin, self->flags, cancellable, error))
    return NULL;
  g_atomic_int_set (&self->opened, TRUE);
  if (self->fresh != NULL
          ? !md_mynumber_card_change (card, self->pin, self->fresh, cancellable, error)
          : !md_mynumber_card_enter_new (card, self->pin, cancellable, error))
    return NULL;
  return g_atomic_rc_box_acquire (self);
}

/* --- which card --- */

static guint32
events_of (MdPcsc *pcsc, const char *name)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (pcsc)); i++)
    {
      g_autoptr (MdCardReader) reader = g_list_model_get_item (G_LIST_MODEL (pcsc), i);

      if (g_str_equal (md_card_reader_get_name (reader), name))
        return md_card_reader_get_events (reader);
    }
  return 0;
}

/* Whether what lies on READER is nothing to us. */
static gboolean
is_no_such_card (const GError *error)
{
  return g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_CARD)
         || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_READER)
         || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_UNKNOWN_CARD)
         || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_WRONG_CARD);
}

static Change *
look_at (MdPcsc *pcsc, const char *reader, MdCardPin pin, GError **error)
{
  g_autoptr (Change) look = change_new (pin);

  look->reader = g_strdup (reader);
  look->events = events_of (pcsc, reader);
  return run (pcsc, look, look_job, error) ? g_steal_pointer (&look) : NULL;
}

/* The one My Number card that lies on a reader. Two would be a question that nobody should have to
 * answer with a PIN. */
static Change *
find_card (MdPcsc *pcsc, char **readers, MdCardPin pin, GError **error)
{
  g_autoptr (GError) trouble = NULL;
  g_autoptr (Change) found = NULL;

  for (char **reader = readers; *reader != NULL; reader++)
    {
      g_autoptr (GError) local_error = NULL;
      g_autoptr (Change) look = look_at (pcsc, *reader, pin, &local_error);

      if (look != NULL && found != NULL)
        {
          g_set_error_literal (error, MD_CARD_ERROR, MD_CARD_ERROR_WRONG_CARD,
                               _ ("More than one My Number card lies on the readers. Leave only "
                                  "the one whose PIN is to be changed."));
          return NULL;
        }
      if (look != NULL)
        found = g_steal_pointer (&look);
      else if (!is_no_such_card (local_error) && trouble == NULL)
        trouble = g_steal_pointer (&local_error);
    }
  if (found == NULL && trouble != NULL)
    g_propagate_error (error, g_steal_pointer (&trouble));
  else if (found == NULL)
    g_set_error_literal (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_CARD,
                         _ ("No My Number card lies on a reader. Put it there and try again."));
  return g_steal_pointer (&found);
}

/* --- what is typed --- */

/* FALSE: locked, or not meant. */
static gboolean
warn (Change *self, GError **error)
{
  g_autofree char *name = md_card_text_name_pin (self->pin);
  g_autofree char *tries = md_card_text_for_tries (self->tries);

  g_printerr (_ ("%s: %s"), name, tries);
  g_printerr ("\n");
  if (self->tries == 0)
    {
      md_card_error_set_pin (error, MD_CARD_ERROR_PIN_BLOCKED, self->pin, 0);
      return FALSE;
    }
  if (self->tries > 1)
    return TRUE;
  if (!terminal_confirm (
          _ ("This may be the last try: a wrong PIN locks it. To use it, type \"yes\": "),
          LAST_WORD))
    {
      md_card_error_set_pin (
          error, self->tries == 1 ? MD_CARD_ERROR_PIN_LAST_TRY : MD_CARD_ERROR_PIN_UNCOUNTED,
          self->pin, self->tries);
      return FALSE;
    }
  self->flags = MD_CARD_VERIFY_LAST_TRY;
  return TRUE;
}

/* (transfer full) */
static MdSecret *
ask (Change *self, const char *question, GError **error)
{
  g_autoptr (MdSecret) typed = terminal_ask (question, TYPED_SIZE);
  MdSecret *prepared;
  guint changes = MD_CARD_PIN_AS_TYPED;

  if (typed == NULL)
    {
      md_card_error_set_pin (error, MD_CARD_ERROR_PIN_FORMAT, self->pin, self->tries);
      return NULL;
    }
  prepared = md_card_pin_prepare (self->pin, typed, &changes, error);
  if (prepared != NULL && (changes & MD_CARD_PIN_RAISED) != 0)
    g_printerr ("%s\n", _ ("Small letters were taken as capital letters."));
  return prepared;
}

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error_literal (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_FORMAT, why);
  return FALSE;
}

static gboolean
ask_new (Change *self, GError **error)
{
  g_autoptr (MdSecret) again = NULL;

  g_printerr ("%s\n", self->pin == MD_CARD_PIN_SIGN
                          ? _ ("The new one: 6 to 16 capital letters and digits, at least one of "
                               "each.")
                          : _ ("The new one: 4 digits, none that others can guess, such as a "
                               "birthday."));
  self->fresh = ask (self, _ ("New PIN: "), error);
  if (self->fresh == NULL)
    return FALSE;
  again = ask (self, _ ("New PIN once more: "), error);
  if (again == NULL)
    return FALSE;
  if (!md_secret_equal (self->fresh, again))
    return refuse (error, _ ("The new PIN was not typed twice the same. Nothing was changed."));
  if (self->old != NULL && md_secret_equal (self->fresh, self->old))
    return refuse (error, _ ("The new PIN is the old one. Nothing was changed."));
  return TRUE;
}

/* Nothing goes to the card before all of it is there. */
static gboolean
ask_all (Change *self, GError **error)
{
  if (!self->at_pad)
    {
      self->old = ask (self, _ ("PIN as it is now: "), error);
      if (self->old == NULL)
        return FALSE;
    }
  else
    g_printerr ("%s\n", self->new_at_pad
                            ? _ ("Type it at the keys of the reader: first the PIN as it is now, "
                                 "then the new one twice.")
                            : _ ("Type the PIN as it is now at the keys of the reader, when you "
                                 "have typed the new one here."));
  return self->new_at_pad || ask_new (self, error);
}

/* --- how it ended --- */

/* The card has taken the old PIN: whether it is certain that it has it still. */
static gboolean
is_refusal (const GError *error)
{
  static const MdCardError codes[]
      = { MD_CARD_ERROR_PROTOCOL, MD_CARD_ERROR_PIN_FORMAT, MD_CARD_ERROR_PAD_CANCELLED,
          MD_CARD_ERROR_PAD_TIMEOUT, MD_CARD_ERROR_UNSUPPORTED };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (error, MD_CARD_ERROR, (int)codes[i]))
      return TRUE;
  return FALSE;
}

/* OPENED: the card has taken the old PIN. */
static Status
fail (gboolean opened, GError *error)
{
  g_autoptr (MdCardText) text = NULL;

  if (opened)
    g_printerr ("%s\n", is_refusal (error)
                            ? _ ("The old PIN was right, and still is. Nothing was changed.")
                            : _ ("It is not known whether the card has the old PIN or the new one. "
                                 "Try the new one first, and mind the tries left."));
  else if (error->domain == MD_CARD_ERROR && md_card_error_get_pin (error) != MD_CARD_PIN_NONE)
    {
      text = md_card_text_for_error (error);
      g_printerr ("%s\n%s\n", text->title, text->meaning);
      g_error_free (error);
      return STATUS_FAILED;
    }
  return context_fail (error);
}

/* Once, and where the reader's keys turn out to be of no use, once more with what is typed here. */
static gboolean
change (MdPcsc *pcsc, Change *self, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (!ask_all (self, error))
    return FALSE;
  self->tried = TRUE;
  if (run (pcsc, self, change_job, &local_error))
    return TRUE;
  if (g_atomic_int_get (&self->opened) || self->old != NULL
      || !g_error_matches (local_error, MD_CARD_ERROR, MD_CARD_ERROR_PAD_FAILED))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  g_printerr ("%s\n", _ ("The keys of the reader cannot be used. Type it here."));
  self->at_pad = self->new_at_pad = FALSE;
  g_clear_pointer (&self->fresh, md_secret_unref);
  return ask_all (self, error) && run (pcsc, self, change_job, error);
}

/* --- the log --- */

#define LOG_MAX_MS 10000 /* that the service has for it */

/* Why it is not changed, as the service takes it; "": it is. */
static const char *
cause_of (Change *self, const GError *error)
{
  static const MdCardError told[]
      = { MD_CARD_ERROR_PIN_WRONG,    MD_CARD_ERROR_PIN_SAME,      MD_CARD_ERROR_PIN_BLOCKED,
          MD_CARD_ERROR_PIN_LAST_TRY, MD_CARD_ERROR_PIN_UNCOUNTED, MD_CARD_ERROR_PIN_FORMAT,
          MD_CARD_ERROR_PROTOCOL,     MD_CARD_ERROR_PAD_CANCELLED, MD_CARD_ERROR_PAD_TIMEOUT,
          MD_CARD_ERROR_UNSUPPORTED,  MD_CARD_ERROR_REMOVED,       MD_CARD_ERROR_MUTE,
          MD_CARD_ERROR_TIMEOUT,      MD_CARD_ERROR_STOPPED,       MD_CARD_ERROR_FAILED,
          MD_CARD_ERROR_PAD_FAILED,   MD_CARD_ERROR_NO_READER,     MD_CARD_ERROR_SERVICE_LOST };

  if (error == NULL)
    return "";
  if (g_atomic_int_get (&self->opened) && !is_refusal (error))
    return "old-or-new";
  for (guint i = 0; i < G_N_ELEMENTS (told); i++)
    if (g_error_matches (error, MD_CARD_ERROR, (int)told[i]))
      return md_card_error_nick (told[i]);
  return "various";
}

/* NULL: it is not there, which is said. The service is started where it can be. (transfer full) */
static MdBusTerminal1 *
find_log (Context *context)
{
  g_autoptr (GError) error = NULL;
  MdBusTerminal1 *log = md_bus_terminal1_proxy_new_for_bus_sync (
      context->session ? G_BUS_TYPE_SESSION : G_BUS_TYPE_SYSTEM,
      G_DBUS_PROXY_FLAGS_DO_NOT_CONNECT_SIGNALS, MD_BUS_NAME, MD_BUS_PATH, NULL, &error);
  g_autofree char *owner = log != NULL ? g_dbus_proxy_get_name_owner (G_DBUS_PROXY (log)) : NULL;

  if (owner != NULL)
    {
      g_dbus_proxy_set_default_timeout (G_DBUS_PROXY (log), LOG_MAX_MS);
      return log;
    }
  g_clear_object (&log);
  g_printerr ("%s\n",
              _ ("The service madoguchid is not there: what is done now is not in the log."));
  return NULL;
}

/* Whether it is in the log; if not, that is said. ERROR: NULL, it is changed. */
static gboolean
record (MdBusTerminal1 *log, const char *pin, Change *self, const GError *error)
{
  g_autoptr (GError) unwritten = NULL;

  if (log == NULL || self == NULL || !self->tried)
    return FALSE;
  if (md_bus_terminal1_call_record_card_pin_sync (log, pin, cause_of (self, error), NULL,
                                                  &unwritten))
    return TRUE;
  g_dbus_error_strip_remote_error (unwritten);
  g_printerr (_ ("It could not be written into the log: %s\n"), unwritten->message);
  return FALSE;
}

/* FALSE with ERROR: it is not changed, or nobody knows. *OUT_CHANGE is NULL where no card was
 * found. */
static gboolean
find_and_change (MdPcsc *pcsc, MdCardPin pin, Change **out_change, GError **error)
{
  g_auto (GStrv) readers = readers_await (pcsc, error);

  if (readers == NULL)
    return FALSE;
  md_pcsc_set_patience (pcsc, PATIENCE_S);
  *out_change = find_card (pcsc, readers, pin, error);
  return *out_change != NULL && warn (*out_change, error) && change (pcsc, *out_change, error);
}

Status
verb_card_change_pin (Context *context, const char *operand)
{
  g_autoptr (MdPcsc) pcsc = NULL;
  g_autoptr (MdBusTerminal1) log = NULL;
  g_autoptr (Change) self = NULL;
  MdCardPin pin = MD_CARD_PIN_NONE;
  GError *error = NULL;
  gboolean recorded;

  for (gsize i = 0; i < G_N_ELEMENTS (pins); i++)
    if (g_str_equal (pins[i].word, operand))
      pin = pins[i].pin;
  if (pin == MD_CARD_PIN_NONE)
    {
      g_printerr (_ ("madoguchictl: %s is no PIN that can be changed: auth, text or sign.\n"),
                  operand);
      return STATUS_USAGE;
    }
  log = find_log (context);
  pcsc = md_pcsc_new ();
  readers_register (context, pcsc);
  (void)find_and_change (pcsc, pin, &self, &error);
  recorded = record (log, operand, self, error);
  if (error != NULL)
    return fail (self != NULL && g_atomic_int_get (&self->opened), error);
  if (context->json)
    output_json (g_variant_new_parsed ("{'pin': <%s>, 'changed': <true>, 'recorded': <%b>}",
                                       operand, recorded));
  else
    g_print ("%s\n", _ ("The PIN is changed."));
  return STATUS_OK;
}
