// SPDX-License-Identifier: Apache-2.0
#include "card-talk.h"

#include <vc-card.h>

/* Holds one of the talks of fuzz-card with the virtual card in CARD-DIR, and writes what the card
 * answers as an input of fuzz-card: the plan, and then the script. With PREFIX, every command and
 * every answer also becomes a file PREFIX-NUMBER, an input of fuzz-apdu.
 * Usage: record-card CARD-DIR TALK CHOICE OPTIONS OUT [PREFIX] */

typedef struct
{
  VcCard *card;
  GByteArray *script;
  const char *prefix;
  guint count;
} Recorder;

static void
write_out (const char *path, const void *data, gsize size)
{
  g_autoptr (GError) error = NULL;

  if (!g_file_set_contents (path, data, (gssize)size, &error))
    g_error ("%s", error->message);
}

static void
note_apdu (Recorder *self, const void *data, gsize size)
{
  g_autofree char *path = NULL;

  if (self->prefix == NULL)
    return;
  path = g_strdup_printf ("%s-%03u", self->prefix, self->count++);
  write_out (path, data, size);
}

static gboolean
record_transmit (gpointer card, const guint8 *command, gsize length, GByteArray *answer,
                 GCancellable *cancellable, GError **error)
{
  Recorder *self = card;
  g_autoptr (GBytes) bytes = vc_card_transmit (self->card, command, length, NULL);
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  const guint8 longer[3] = { SCRIPT_LONG, (guint8)(size >> 8), (guint8)(size & 0xff) };
  const gboolean is_long = size >= SCRIPT_CANCEL;

  g_byte_array_append (self->script, is_long ? longer : longer + 2, is_long ? 3 : 1);
  g_byte_array_append (self->script, data, (guint)size);
  g_byte_array_append (answer, data, (guint)size);
  note_apdu (self, command, length);
  note_apdu (self, data, size);
  return TRUE;
}

/* The virtual card lies on no reader. */
static gboolean
record_control (gpointer card, guint32 code, GBytes *request, GByteArray *answer,
                GCancellable *cancellable, GError **error)
{
  static const guint8 failure[] = { SCRIPT_ERROR, 0 };
  Recorder *self = card;

  g_byte_array_append (self->script, failure, sizeof failure);
  fuzz_model_set_transport_error (failure[1], error);
  return FALSE;
}

static void
record_power (gpointer card)
{
  vc_card_power (((Recorder *)card)->card);
}

int
main (int argc, char **argv)
{
  static const FuzzCardFuncs funcs = { record_transmit, record_control, record_power };
  g_autoptr (GError) error = NULL;
  g_autoptr (VcCard) card = argc >= 6 ? vc_card_new (argv[1], &error) : NULL;
  g_autoptr (GByteArray) script = g_byte_array_new ();
  g_autoptr (FuzzBackend) backend = NULL;
  Recorder recorder = { .card = card, .script = script };
  TalkPlan plan;

  if (card == NULL)
    {
      g_printerr ("record-card: %s\n", error != NULL
                                           ? error->message
                                           : "CARD-DIR TALK CHOICE OPTIONS OUT [PREFIX] wanted");
      return 2;
    }
  recorder.prefix = argc > 6 ? argv[6] : NULL;
  plan.talk = (guint8)g_ascii_strtoull (argv[2], NULL, 0);
  plan.choice = (guint8)g_ascii_strtoull (argv[3], NULL, 0);
  plan.options = (guint8)g_ascii_strtoull (argv[4], NULL, 0);
  g_byte_array_append (script, (const guint8 *)&plan, sizeof plan);
  backend = fuzz_backend_new (&funcs, &recorder, (plan.options & TALK_OPTION_EXTENDED) != 0,
                              (plan.options & TALK_OPTION_ASK) != 0);
  talk_run (&plan, backend, NULL);
  write_out (argv[5], script->data, script->len);
  return 0;
}
