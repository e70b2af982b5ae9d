// SPDX-License-Identifier: Apache-2.0
#include "md-card-entry.h"

#include "md-card-status.h"

// The status word that one entry ended with. 0 with TROUBLE set: the request failed; 0 without: the
// answer was none.
static guint16
enter (MdCardConnection *connection, guint32 code, GBytes *request, guint seconds,
       GCancellable *cancellable, GError **trouble)
{
  g_autoptr (GBytes) answer
      = md_card_connection_await_keys (connection, code, request, seconds, cancellable, trouble);
  gsize length = 0;
  const guint8 *data = answer != NULL ? g_bytes_get_data (answer, &length) : NULL;
  return length == 2 ? (guint16)((guint)data[0] << 8 | data[1]) : 0;
}

// Whether TROUBLE may come from the keypad alone. Anything else says what happened by itself.
static gboolean
may_be_the_pad (const GError *trouble)
{
  return trouble == NULL || g_error_matches (trouble, MD_CARD_ERROR, MD_CARD_ERROR_UNSUPPORTED)
         || g_error_matches (trouble, MD_CARD_ERROR, MD_CARD_ERROR_FAILED);
}

// What the keypad itself says of an entry that did not come about. FALSE: none of these.
static gboolean
set_pad_word (guint16 sw, MdCardPin pin, int tries, GError **error)
{
  static const struct
  {
    guint16 sw;
    MdCardError code;
  } words[] = { { MD_PIN_PAD_SW_TIMEOUT, MD_CARD_ERROR_PAD_TIMEOUT },
                { MD_PIN_PAD_SW_CANCELLED, MD_CARD_ERROR_PAD_CANCELLED },
                { MD_PIN_PAD_SW_DIFFERENT, MD_CARD_ERROR_PIN_FORMAT },
                { MD_PIN_PAD_SW_LENGTH, MD_CARD_ERROR_PIN_FORMAT } };
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (words[i].sw == sw)
      {
        md_card_error_set_pin (error, words[i].code, pin, tries);
        return TRUE;
      }
  return FALSE;
}

static void
set_pad_failed (MdCardConnection *connection, MdCardPin pin, int tries, GError **error)
{
  MdCardMemory *memory = md_card_connection_get_memory (connection);
  if (memory != NULL)
    md_card_memory_distrust_pad (memory, md_card_connection_get_reader (connection));
  md_card_error_set_pin (error, MD_CARD_ERROR_PAD_FAILED, pin, tries);
}

// The same for a card that does not tell its tries: then the keypad's word about it is all there
// is.
static void
set_uncounted (MdCardConnection *connection, guint16 sw, MdCardPin pin, GError **error)
{
  MdSwClass class = md_sw_classify (sw);
  if (class == MD_SW_CLASS_WRONG_PIN || class == MD_SW_CLASS_BLOCKED)
    md_card_error_from_verify (error, sw, pin);
  else if (!set_pad_word (sw, pin, MD_CARD_TRIES_UNKNOWN, error))
    set_pad_failed (connection, pin, MD_CARD_TRIES_UNKNOWN, error);
}

// Whether a wrong PIN reached the card, which had TRIES left as it was asked before, and has LEFT:
// its count shows it. Where too few had been told before, the keypad's word that it was wrong shows
// it, if the number in it is the card's own.
static gboolean
was_wrong (guint16 sw, int tries, int left)
{
  return left < tries
         || (md_sw_classify (sw) == MD_SW_CLASS_WRONG_PIN && md_sw_get_tries (sw) == left);
}

// What became of an entry that did not end well. What the keypad says of it is not believed about
// the tries: the card knows.
static void
judge_entry (MdCardConnection *connection, guint16 sw, MdCardPin pin, int tries,
             GCancellable *cancellable, GError **error)
{
  int left = MD_CARD_TRIES_UNKNOWN;
  g_autoptr (GError) trouble = NULL;
  if (!md_card_ask_tries (connection, pin, tries, &left, cancellable, &trouble))
    {
      md_card_error_set_unanswered (&trouble, pin);
      g_propagate_error (error, g_steal_pointer (&trouble));
      return;
    }
  md_card_connection_set_unanswered (connection, MD_CARD_PIN_NONE);
  if (left == 0)
    md_card_error_set_pin (error, MD_CARD_ERROR_PIN_BLOCKED, pin, 0);
  else if (left < 0 || tries < 0)
    set_uncounted (connection, sw, pin, error);
  else if (was_wrong (sw, tries, left))
    md_card_error_set_pin (error, MD_CARD_ERROR_PIN_WRONG, pin, left);
  else if (!set_pad_word (sw, pin, left, error))
    set_pad_failed (connection, pin, left, error);
}

gboolean
md_card_enter_pin (MdCardConnection *connection, const MdPinEntry *entry, MdCardPin pin, int tries,
                   GCancellable *cancellable, GError **error)
{
  const MdPinPad *pad = md_card_connection_get_pin_pad (connection, cancellable);
  if (pad == NULL || !md_pin_pad_fits (pad, entry))
    {
      md_card_error_set_pin (error, MD_CARD_ERROR_PAD_FAILED, pin, tries);
      return FALSE;
    }
  if (g_cancellable_set_error_if_cancelled (cancellable, error)) // nothing has gone out
    return FALSE;
  g_autoptr (GError) trouble = NULL;
  g_autoptr (GBytes) request = md_pin_pad_build_verify (pad, entry);
  md_card_connection_set_unanswered (connection, pin);
  guint16 sw = enter (connection, pad->verify, request, entry->seconds, cancellable, &trouble);
  if (sw == MD_SW_OK)
    {
      md_card_connection_set_unanswered (connection, MD_CARD_PIN_NONE);
      return TRUE;
    }
  if (may_be_the_pad (trouble))
    {
      judge_entry (connection, sw, pin, tries, cancellable, error);
      return FALSE;
    }
  md_card_error_set_unanswered (&trouble, pin);
  g_propagate_error (error, g_steal_pointer (&trouble));
  return FALSE;
}

gboolean
md_card_enter_new_pin (MdCardConnection *connection, const MdPinEntry *entry, MdCardPin pin,
                       GCancellable *cancellable, GError **error)
{
  const MdPinPad *pad = md_card_connection_get_pin_pad (connection, cancellable);
  if (pad == NULL || pad->modify == 0 || !md_pin_pad_fits (pad, entry))
    {
      md_card_error_set (error, MD_CARD_ERROR_UNSUPPORTED);
      return FALSE;
    }
  g_autoptr (GError) trouble = NULL;
  g_autoptr (GBytes) request = md_pin_pad_build_modify (pad, entry);
  guint16 sw = enter (connection, pad->modify, request, 2 * entry->seconds, cancellable, &trouble);
  if (sw == MD_SW_OK)
    return TRUE;
  if (!may_be_the_pad (trouble))
    {
      g_propagate_error (error, g_steal_pointer (&trouble));
      return FALSE;
    }
  int left = MD_CARD_TRIES_UNKNOWN;
  if (set_pad_word (sw, pin, left, error))
    return FALSE;
  // The keypad is to blame only where the card is still there, whatever it answers.
  g_autoptr (GError) silence = NULL;
  if (md_card_ask_tries (connection, pin, left, &left, cancellable, &silence)
      || g_error_matches (silence, MD_CARD_ERROR, MD_CARD_ERROR_PROTOCOL)
      || g_error_matches (silence, MD_CARD_ERROR, MD_CARD_ERROR_UNSUPPORTED))
    set_pad_failed (connection, pin, left, error);
  else
    g_propagate_error (error, g_steal_pointer (&silence));
  return FALSE;
}
