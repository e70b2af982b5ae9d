// SPDX-License-Identifier: Apache-2.0
#include "md-presence.h"

#include "md-individual-number.h"

#include <md-base.h>
#include <string.h>

#define PART_MAX 256
#define DIGEST_SIZE 32

struct _MdPresenceChallenge
{
  gatomicrefcount count;
  char *intake;
  char *terminal;
  char *procedure;
  char *time;
  GBytes *nonce;
  MdPresenceParts parts; // borrows from the above
  guint8 digest[DIGEST_SIZE];
};

G_DEFINE_BOXED_TYPE (MdPresenceChallenge, md_presence_challenge, md_presence_challenge_ref,
                     md_presence_challenge_unref)

static const char *const nonce_states[] = {
  [MD_NONCE_FRESH] = "fresh",
  [MD_NONCE_STALE] = "stale",
  [MD_NONCE_ABSENT] = "absent",
};

const char *
md_nonce_state_to_string (MdNonceState state)
{
  g_return_val_if_fail (state < G_N_ELEMENTS (nonce_states), NULL);
  return nonce_states[state];
}

gboolean
md_nonce_state_from_string (const char *text, MdNonceState *out_state)
{
  const int row = MD_TABLE_ROW (nonce_states, text);

  if (row >= 0)
    *out_state = (MdNonceState)row;
  return row >= 0;
}

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error (error, MD_IDENTITY_ERROR, MD_IDENTITY_ERROR_CHALLENGE,
               "the challenge cannot be made: %s", what);
  return FALSE;
}

static gboolean
check_text (const char *text, const char *name, GError **error)
{
  gsize length = text != NULL ? strnlen (text, PART_MAX + 1) : 0;
  if (length == 0 || length > PART_MAX || !g_utf8_validate (text, (gssize)length, NULL))
    return refuse (error, name);
  return TRUE;
}

static gboolean
check_parts (const MdPresenceParts *parts, GError **error)
{
  gint64 moment = 0;
  gsize nonce_size = parts->nonce != NULL ? g_bytes_get_size (parts->nonce) : 0;
  if (!check_text (parts->intake, "intake", error)
      || !check_text (parts->terminal, "terminal", error)
      || !check_text (parts->procedure, "procedure", error)
      || !check_text (parts->time, "time", error))
    return FALSE;
  if (!md_time_parse_rfc3339 (parts->time, &moment, NULL))
    return refuse (error, "time");
  if (parts->nonce_state >= G_N_ELEMENTS (nonce_states) || nonce_size > PART_MAX
      || (nonce_size == 0) != (parts->nonce_state == MD_NONCE_ABSENT))
    return refuse (error, "nonce");
  return TRUE;
}

static void
add (GByteArray *message, const void *data, gsize size)
{
  guint32 length = GUINT32_TO_BE ((guint32)size);
  g_byte_array_append (message, (const guint8 *)&length, sizeof length);
  g_byte_array_append (message, data, (guint)size);
}

static void
add_text (GByteArray *message, const char *text)
{
  add (message, text, strlen (text));
}

GBytes *
md_presence_challenge_dup_message (const MdPresenceChallenge *self)
{
  GByteArray *message = g_byte_array_new ();
  gsize nonce_size = 0;
  const guint8 *nonce = g_bytes_get_data (self->nonce, &nonce_size);
  g_byte_array_append (message, (const guint8 *)MD_PRESENCE_TAG,
                       sizeof MD_PRESENCE_TAG); // and its zero
  add_text (message, self->intake);
  add_text (message, self->terminal);
  add_text (message, self->procedure);
  add_text (message, self->time);
  add_text (message, nonce_states[self->parts.nonce_state]);
  add (message, nonce_size > 0 ? nonce : (const guint8 *)"", nonce_size);
  return g_byte_array_free_to_bytes (message);
}

gsize
md_presence_challenge_compute (const MdPresenceChallenge *self, GChecksumType hash,
                               guint8 out_digest[MD_PRESENCE_DIGEST_MAX])
{
  g_autoptr (GChecksum) sum = g_checksum_new (hash);
  g_autoptr (GBytes) message = md_presence_challenge_dup_message (self);
  gsize size = MD_PRESENCE_DIGEST_MAX;
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (message, &length);
  g_checksum_update (sum, data, (gssize)length);
  g_checksum_get_digest (sum, out_digest, &size);
  return size;
}

MdPresenceChallenge *
md_presence_challenge_new (const MdPresenceParts *parts, GError **error)
{
  g_return_val_if_fail (parts != NULL, NULL);
  if (!check_parts (parts, error))
    return NULL;
  MdPresenceChallenge *self = g_new0 (MdPresenceChallenge, 1);
  g_atomic_ref_count_init (&self->count);
  self->intake = g_strdup (parts->intake);
  self->terminal = g_strdup (parts->terminal);
  self->procedure = g_strdup (parts->procedure);
  self->time = g_strdup (parts->time);
  self->nonce = parts->nonce != NULL ? g_bytes_ref (parts->nonce) : g_bytes_new_static ("", 0);
  self->parts = (MdPresenceParts){ .intake = self->intake,
                                   .terminal = self->terminal,
                                   .procedure = self->procedure,
                                   .time = self->time,
                                   .nonce_state = parts->nonce_state,
                                   .nonce = self->nonce };
  guint8 digest[MD_PRESENCE_DIGEST_MAX];
  (void)md_presence_challenge_compute (self, G_CHECKSUM_SHA256, digest);
  memcpy (self->digest, digest, sizeof self->digest);
  return self;
}

MdPresenceChallenge *
md_presence_challenge_ref (MdPresenceChallenge *self)
{
  g_atomic_ref_count_inc (&self->count);
  return self;
}

void
md_presence_challenge_unref (MdPresenceChallenge *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->count))
    return;
  g_free (self->intake);
  g_free (self->terminal);
  g_free (self->procedure);
  g_free (self->time);
  g_bytes_unref (self->nonce);
  g_free (self);
}

const MdPresenceParts *
md_presence_challenge_get_parts (const MdPresenceChallenge *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return &self->parts;
}

const guint8 *
md_presence_challenge_get_digest (const MdPresenceChallenge *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->digest;
}

GBytes *
md_presence_challenge_dup_ocsp_nonce (const MdPresenceChallenge *self)
{
  static const char tag[] = "madoguchi ocsp v1"; // and its zero
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 nonce[sizeof self->digest];
  gsize size = sizeof nonce;
  g_checksum_update (sum, (const guchar *)tag, sizeof tag);
  g_checksum_update (sum, self->digest, sizeof self->digest);
  g_checksum_get_digest (sum, nonce, &size);
  return g_bytes_new (nonce, size);
}
