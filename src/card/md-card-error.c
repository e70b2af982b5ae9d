// SPDX-License-Identifier: Apache-2.0
#include "md-card-error.h"

#include "md-card-words.h"

typedef struct
{
  MdCardPin pin;
  int tries;
  gboolean unanswered;
  char *detail;
  char *holder;
} MdCardErrorPrivate;

// GLib 2.74's macro casts a const away, and bytes to a structure; a compiler that inlines all of it
// thinks that it could pass on NULL.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wcast-qual"
#pragma GCC diagnostic ignored "-Wcast-align"
#pragma GCC diagnostic ignored "-Wnull-dereference"

static void
md_card_error_private_init (MdCardErrorPrivate *priv)
{
  priv->tries = MD_CARD_TRIES_UNKNOWN;
}

static void
md_card_error_private_copy (const MdCardErrorPrivate *source, MdCardErrorPrivate *copy)
{
  copy->pin = source->pin;
  copy->tries = source->tries;
  copy->unanswered = source->unanswered;
  copy->detail = g_strdup (source->detail);
  copy->holder = g_strdup (source->holder);
}

static void
md_card_error_private_clear (MdCardErrorPrivate *priv)
{
  g_clear_pointer (&priv->detail, g_free);
  g_clear_pointer (&priv->holder, g_free);
}

G_DEFINE_EXTENDED_ERROR (MdCardError, md_card_error)
#pragma GCC diagnostic pop

// One row per code, in the order of the enum: the word for machines and the one sentence for
// people.
static const struct
{
  const char *nick;
  const char *sentence;
} codes[] = {
  [MD_CARD_ERROR_NO_SERVICE] = { "no-service", N_ ("The card service is not running.") },
  [MD_CARD_ERROR_NOT_INSTALLED]
  = { "not-installed", N_ ("There is no card service on this terminal.") },
  [MD_CARD_ERROR_SERVICE_LOST]
  = { "service-lost", N_ ("The card service has stopped, or does not answer any more.") },
  [MD_CARD_ERROR_NO_PERMISSION]
  = { "no-permission", N_ ("This user may not use the card reader.") },
  [MD_CARD_ERROR_NO_READER] = { "no-reader", N_ ("The card reader is not connected.") },
  [MD_CARD_ERROR_NO_CARD] = { "no-card", N_ ("There is no card on the reader.") },
  [MD_CARD_ERROR_REMOVED] = { "removed", N_ ("The card was taken away before the work was done.") },
  [MD_CARD_ERROR_MUTE] = { "mute", N_ ("The card on the reader does not answer.") },
  [MD_CARD_ERROR_BUSY] = { "busy", N_ ("Another program is using the card.") },
  [MD_CARD_ERROR_TIMEOUT] = { "timeout", N_ ("The card did not answer in time.") },
  [MD_CARD_ERROR_UNKNOWN_CARD] = { "unknown-card", N_ ("This card cannot be used here.") },
  [MD_CARD_ERROR_WRONG_CARD] = { "wrong-card", N_ ("This card belongs on the other reader.") },
  [MD_CARD_ERROR_PIN_WRONG] = { "pin-wrong", N_ ("The PIN is not right.") },
  [MD_CARD_ERROR_PIN_SAME] = { "pin-same", N_ ("This is the same PIN as before.") },
  [MD_CARD_ERROR_PIN_LAST_TRY] = { "pin-last-try", N_ ("Only one try is left for the PIN.") },
  [MD_CARD_ERROR_PIN_UNCOUNTED]
  = { "pin-uncounted", N_ ("The card does not tell how many tries are left for the PIN.") },
  [MD_CARD_ERROR_PIN_BLOCKED] = { "pin-blocked", N_ ("The PIN is locked.") },
  [MD_CARD_ERROR_PIN_FORMAT] = { "pin-format", N_ ("This cannot be the PIN.") },
  [MD_CARD_ERROR_PIN_NEEDED] = { "pin-needed", N_ ("The card asks for the PIN.") },
  [MD_CARD_ERROR_NO_DATA] = { "no-data", N_ ("The card does not hold what was asked for.") },
  [MD_CARD_ERROR_PROTOCOL]
  = { "protocol", N_ ("The card gave an answer that cannot be understood.") },
  [MD_CARD_ERROR_UNSUPPORTED]
  = { "unsupported", N_ ("The card or the reader does not offer this.") },
  [MD_CARD_ERROR_PAD_CANCELLED]
  = { "pad-cancelled", N_ ("The entry was cancelled at the reader's keypad.") },
  [MD_CARD_ERROR_PAD_TIMEOUT]
  = { "pad-timeout", N_ ("No PIN was entered at the reader's keypad.") },
  [MD_CARD_ERROR_PAD_FAILED] = { "pad-failed", N_ ("The reader's keypad does not work.") },
  [MD_CARD_ERROR_PAD_WAITING]
  = { "pad-waiting", N_ ("The reader still waits for a PIN at its keypad.") },
  [MD_CARD_ERROR_STOPPED]
  = { "stopped", N_ ("Reading the card was stopped while it was checking an entry.") },
  [MD_CARD_ERROR_FAILED] = { "failed", N_ ("The card reader reported a fault.") },
  [MD_CARD_ERROR_NOT_REGISTERED]
  = { "not-registered", N_ ("This card reader is not registered for this terminal.") },
  [MD_CARD_ERROR_PIN_SENT_BEFORE]
  = { "pin-sent-before", N_ ("This very card may have refused the same PIN before.") },
};

// NULL for an error of another domain, which carries nothing.
static const MdCardErrorPrivate *
peek (const GError *error)
{
  return error != NULL && error->domain == MD_CARD_ERROR ? md_card_error_get_private (error) : NULL;
}

static MdCardErrorPrivate *
private_of (GError *error)
{
  MdCardErrorPrivate *priv = md_card_error_get_private (error);
  g_assert (priv != NULL);
  return priv;
}

void
md_card_error_set (GError **error, MdCardError code)
{
  g_set_error_literal (error, MD_CARD_ERROR, (int)code, _ (codes[code].sentence));
}

void
md_card_error_set_pin (GError **error, MdCardError code, MdCardPin pin, int tries)
{
  md_card_error_set (error, code);
  if (error == NULL)
    return;
  MdCardErrorPrivate *priv = private_of (*error);
  priv->pin = pin;
  priv->tries = tries;
}

void
md_card_error_set_detail (GError **error, MdCardError code, const char *detail_format, ...)
{
  md_card_error_set (error, code);
  if (error == NULL)
    return;
  va_list args;
  va_start (args, detail_format);
  private_of (*error)->detail = g_strdup_vprintf (detail_format, args);
  va_end (args);
}

void
md_card_error_set_holder (GError *error, const char *holder)
{
  g_return_if_fail (error != NULL && error->domain == MD_CARD_ERROR);
  MdCardErrorPrivate *priv = private_of (error);
  g_free (priv->holder);
  priv->holder = g_strdup (holder);
}

void
md_card_error_set_unanswered (GError **error, MdCardPin pin)
{
  g_return_if_fail (error != NULL && *error != NULL);
  if (g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_error (error);
      md_card_error_set (error, MD_CARD_ERROR_STOPPED);
    }
  if ((*error)->domain != MD_CARD_ERROR)
    return;
  MdCardErrorPrivate *priv = private_of (*error);
  priv->pin = pin;
  priv->unanswered = TRUE;
}

gboolean
md_card_error_is_unanswered (const GError *error)
{
  const MdCardErrorPrivate *priv = peek (error);
  return priv != NULL && priv->unanswered;
}

int
md_card_error_get_tries (const GError *error)
{
  const MdCardErrorPrivate *priv = peek (error);
  return priv != NULL ? priv->tries : MD_CARD_TRIES_UNKNOWN;
}

MdCardPin
md_card_error_get_pin (const GError *error)
{
  const MdCardErrorPrivate *priv = peek (error);
  return priv != NULL ? priv->pin : MD_CARD_PIN_NONE;
}

const char *
md_card_error_get_detail (const GError *error)
{
  const MdCardErrorPrivate *priv = peek (error);
  return priv != NULL ? priv->detail : NULL;
}

const char *
md_card_error_get_holder (const GError *error)
{
  const MdCardErrorPrivate *priv = peek (error);
  return priv != NULL ? priv->holder : NULL;
}

const char *
md_card_error_nick (MdCardError code)
{
  g_return_val_if_fail ((gsize)code < G_N_ELEMENTS (codes), "failed");
  return codes[code].nick;
}
