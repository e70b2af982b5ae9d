// SPDX-License-Identifier: Apache-2.0
#include "md-card-tag.h"

#include <md-base.h>
#include <md-card.h>
#include <md-pki.h>
#include <string.h>

#define KEY_SIZE 32
#define BETWEEN_PARTS '.'

GBytes *
md_card_tag_make_key (void)
{
  guint8 key[KEY_SIZE];
  md_random_fill (key, sizeof key);
  GBytes *bytes = md_bytes_new_secret (key, sizeof key);
  md_wipe (key, sizeof key);
  return bytes;
}

// KIND keeps what is of one kind from standing for another.
static char *
tag (GBytes *key, const char *kind, const void *data, gsize size)
{
  gsize key_size;
  const guint8 *key_data = g_bytes_get_data (key, &key_size);
  g_autoptr (GHmac) mac = g_hmac_new (G_CHECKSUM_SHA256, key_data, key_size);
  g_hmac_update (mac, (const guchar *)kind, (gssize)strlen (kind) + 1);
  g_hmac_update (mac, data, (gssize)size);
  return g_strdup (g_hmac_get_string (mac));
}

static char *
tag_certificate (GBytes *key, GBytes *der)
{
  gsize size;
  const void *data = g_bytes_get_data (der, &size);
  return tag (key, "certificate", data, size);
}

char *
md_card_tag_of_proof (GBytes *key, const MdIdentityProof *proof)
{
  g_return_val_if_fail (key != NULL && proof != NULL, NULL);
  MdCertificate *certificate = md_identity_proof_get_certificate (proof);
  // That for signatures cannot be read again without its password.
  if (certificate == NULL
      || g_str_equal (md_identity_proof_get_method (proof), MD_IDENTITY_METHOD_SIGN))
    return NULL;
  return tag_certificate (key, md_certificate_get_der (certificate));
}

// Of a card without a certificate.
static char *
ask_serial (GBytes *key, MdMyNumberCard *card, GCancellable *cancellable, GError **error)
{
  MdCardCommon common = { 0 };
  if (!md_mynumber_card_read_common (card, &common, cancellable, error))
    return NULL;
  gsize length = strnlen (common.serial, sizeof common.serial);
  char *found = length > 0 ? tag (key, "serial", common.serial, length) : NULL;
  md_wipe (&common, sizeof common);
  if (found == NULL)
    md_card_error_set (error, MD_CARD_ERROR_NO_DATA);
  return found;
}

// The first part.
static char *
ask_files (GBytes *key, MdMyNumberCard *card, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GBytes) der = md_mynumber_card_read_certificate (card, MD_CARD_CERTIFICATE_AUTH,
                                                              cancellable, &local_error);
  if (der != NULL)
    return tag_certificate (key, der);
  if (g_error_matches (local_error, MD_CARD_ERROR, MD_CARD_ERROR_NO_DATA))
    return ask_serial (key, card, cancellable, error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

// --- The challenge ---

// The card has no such key, or says nothing of use by it.
static gboolean
is_without_key (const GError *error)
{
  static const MdCardError codes[]
      = { MD_CARD_ERROR_NO_DATA, MD_CARD_ERROR_PIN_NEEDED, MD_CARD_ERROR_UNSUPPORTED,
          MD_CARD_ERROR_PROTOCOL, MD_CARD_ERROR_FAILED };
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (error, MD_CARD_ERROR, (int)codes[i]))
      return TRUE;
  return FALSE;
}

// FALSE with ERROR: the talk has ended. *OUT_ANSWER is NULL where the card has no such key.
static gboolean
ask_challenge (MdMyNumberCard *card, const char *challenge, GBytes **out_answer,
               GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  *out_answer = md_mynumber_card_answer_challenge (card, (const guint8 *)challenge,
                                                   strlen (challenge), cancellable, &local_error);
  if (local_error == NULL || is_without_key (local_error))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

// The second part, "" where there is none. TIMES: answered so often in the same way.
static char *
ask_own_key (GBytes *key, MdMyNumberCard *card, guint times, GCancellable *cancellable,
             GError **error)
{
  g_autofree char *challenge = tag (key, "challenge", "", 0);
  g_autoptr (GBytes) first = NULL;
  for (guint i = 0; i < times; i++)
    {
      g_autoptr (GBytes) answer = NULL;
      if (!ask_challenge (card, challenge, &answer, cancellable, error))
        return NULL;
      if (answer == NULL || (first != NULL && !g_bytes_equal (first, answer)))
        return g_strdup ("");
      if (first == NULL)
        first = g_steal_pointer (&answer);
    }
  gsize size;
  const void *data = g_bytes_get_data (first, &size);
  return tag (key, "answer", data, size);
}

// Where the second part of a tag begins; NULL: it has none.
static const char *
second_part (const char *tag)
{
  return strchr (tag, BETWEEN_PARTS);
}

gboolean
md_card_tag_completes (const char *tag, const char *known)
{
  g_return_val_if_fail (tag != NULL, FALSE);
  return known == NULL
         || (second_part (known) == NULL && second_part (tag) != NULL
             && g_str_has_prefix (tag, known) && tag[strlen (known)] == BETWEEN_PARTS);
}

char *
md_card_tag_ask (GBytes *key, const char *known, MdCardConnection *connection,
                 GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (key != NULL && MD_IS_CARD_CONNECTION (connection), NULL);
  const guint times = known == NULL ? 2 : 1;
  g_autoptr (MdMyNumberCard) card = md_mynumber_card_new (connection, cancellable, error);
  g_autofree char *first = card != NULL ? ask_files (key, card, cancellable, error) : NULL;
  if (first == NULL)
    return NULL;
  // Another card needs not be asked for more, nor one of which nothing more is known.
  if (known != NULL && (second_part (known) == NULL || !g_str_has_prefix (known, first)))
    return g_steal_pointer (&first);
  g_autofree char *second = ask_own_key (key, card, times, cancellable, error);
  if (second == NULL)
    return NULL;
  return *second != '\0' ? g_strdup_printf ("%s%c%s", first, BETWEEN_PARTS, second)
                         : g_steal_pointer (&first);
}

// --- On the worker ---

typedef struct
{
  GBytes *key;
  char *known;
} Question;

static void
question_free (gpointer data)
{
  Question *self = data;
  g_bytes_unref (self->key);
  g_free (self->known);
  g_free (self);
}

static gpointer
ask_job (MdCardConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  const Question *question = data;
  return md_card_tag_ask (question->key, question->known, connection, cancellable, error);
}

static void
on_asked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  char *found = md_pcsc_run_finish (MD_PCSC (source), result, &error);
  if (found != NULL)
    g_task_return_pointer (task, found, g_free);
  else
    g_task_return_error (task, error);
}

void
md_card_tag_ask_async (GBytes *key, const char *known, MdPcsc *pcsc, MdCardReader *reader,
                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (key != NULL && MD_IS_PCSC (pcsc) && MD_IS_CARD_READER (reader));
  GTask *task = g_task_new (pcsc, cancellable, callback, user_data);
  g_task_set_source_tag (task, md_card_tag_ask_async);
  Question *question = g_new (Question, 1);
  *question = (Question){ .key = g_bytes_ref (key), .known = g_strdup (known) };
  MdCardJob job = { .reader = md_card_reader_get_name (reader),
                    .events = md_card_reader_get_events (reader),
                    .func = ask_job,
                    .data = question,
                    .data_free = question_free,
                    .result_free = g_free };
  md_pcsc_run_async (pcsc, &job, cancellable, on_asked, task);
}

char *
md_card_tag_ask_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, md_card_tag_ask_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
