// SPDX-License-Identifier: Apache-2.0
#include "md-naming.h"

#include "md-hold-private.h"
#include "md-match-private.h"
#include "md-papers.h"

#include <md-record.h>
#include <string.h>

// Whoever guesses what stood there can tell by its sum: it is wiped as that is.
static GBytes *
take_sum (guint8 sum[static MD_SHA256_SIZE])
{
  GBytes *bytes = md_bytes_new_wiped (sum, MD_SHA256_SIZE);

  md_wipe (sum, MD_SHA256_SIZE);
  return bytes;
}

// NULL where a part is NULL.
static GBytes *
digest (const char *tag, const char *a, const char *b, const char *c)
{
  guint8 sum[MD_SHA256_SIZE];
  md_autowipe char *text = NULL;

  if (a == NULL || b == NULL || c == NULL)
    return NULL;
  text = g_strconcat (tag, "\n", a, "\n", b, "\n", c, *c != '\0' ? "\n" : "", NULL);
  md_sha256 (text, strlen (text), sum);
  return take_sum (sum);
}

static char *
key_of (MdMatchItem item, const char *text)
{
  g_autofree char *key = text != NULL && *text != '\0' ? md_match_dup_key (item, text) : NULL;

  return key != NULL && *key != '\0' ? g_steal_pointer (&key) : NULL;
}

static gboolean
day_of (const MdNamed *named, char day[static MD_MATCH_DAY_SIZE])
{
  const MdMatchSide side = { MD_MATCH_FROM_TYPED, named->birth, NULL };

  return named->birth != NULL && _md_match_day_key (&side, day);
}

GBytes *
md_naming_digest_who (const MdNamed *named)
{
  char day[MD_MATCH_DAY_SIZE] = "";
  md_autowipe char *name = key_of (MD_MATCH_ITEM_NAME, named->name);
  GBytes *sum = day_of (named, day) ? digest ("madoguchi who v1", name, day, "") : NULL;

  md_wipe (day, sizeof day);
  return sum;
}

GBytes *
md_naming_digest_fields (MdSignerLookup look_up, gpointer form, const char *name, const char *birth)
{
  const MdNamed named = { .name = look_up (name, form), .birth = look_up (birth, form) };

  return md_naming_digest_who (&named);
}

GBytes *
md_naming_digest_delegate (MdSignerLookup look_up, gpointer form)
{
  return look_up ("g.delegate", form) != NULL
             ? md_naming_digest_fields (look_up, form, "g.delegate", "g.delegate_birth")
             : md_naming_digest_fields (look_up, form, "a.name", "a.birth");
}

GBytes *
md_naming_digest_address (const MdNamed *named)
{
  char day[MD_MATCH_DAY_SIZE] = "";
  md_autowipe char *name = key_of (MD_MATCH_ITEM_NAME, named->name);
  md_autowipe char *address = key_of (MD_MATCH_ITEM_ADDRESS, named->address);
  GBytes *sum = day_of (named, day) ? digest ("madoguchi address v1", name, day, address) : NULL;

  md_wipe (day, sizeof day);
  return sum;
}

static gboolean
is_card_of (const MdIdentityProof *proof, const MdNamed *named)
{
  md_autowipe char *name = NULL;
  md_autowipe char *on_card = NULL;
  MdMatchSide side;

  if (named == NULL)
    return TRUE;
  if (!md_identity_proof_get_side (proof, MD_MATCH_ITEM_NAME, &side))
    return FALSE;
  name = key_of (MD_MATCH_ITEM_NAME, named->name);
  on_card = key_of (MD_MATCH_ITEM_NAME, side.text);
  return name != NULL && on_card != NULL && strcmp (name, on_card) == 0;
}

static GBytes *
digest_papers (const MdPapers *papers)
{
  if (papers->filer != MD_FILER_SELF)
    return NULL;
  for (guint i = 0; i < MD_PAPERS_MAX; i++)
    if (*papers->shown[i].last != '\0')
      return digest ("madoguchi shown v1", papers->shown[i].kind, papers->shown[i].last,
                     papers->shown[i].expiry);
  return NULL;
}

GBytes *
md_naming_digest_shown (const MdNamed *named, const MdIdentityProof *proof)
{
  const MdPapers *papers = md_identity_proof_get_papers (proof);
  MdCertificate *certificate = md_identity_proof_get_certificate (proof);

  if (papers != NULL)
    return digest_papers (papers);
  if (certificate == NULL || !is_card_of (proof, named))
    return NULL;
  return digest ("madoguchi shown v1", md_certificate_get_issuer (certificate),
                 md_certificate_get_serial (certificate), "");
}

GBytes *
md_naming_digest_number (const MdSecret *digits)
{
  const gsize size = md_secret_get_size (digits);
  char text[128];
  guint8 sum[MD_SHA256_SIZE];
  gsize length;

  if (size == 0 || size > 32)
    return NULL;
  length = (gsize)g_snprintf (text, sizeof text, "%s\n", MD_NAMING_TAG_NUMBER);
  memcpy (text + length, md_secret_get_data (digits), size);
  length += size;
  text[length++] = '\n';
  md_sha256 (text, length, sum);
  md_wipe (text, sizeof text);
  return take_sum (sum);
}

// --- Whom an intake is of ---

// A field of the form, or what the proof says; NULL where neither does. (transfer full)
static char *
pick (MdSignerLookup look_up, gpointer form, const char *field, const MdIdentityProof *proof,
      MdMatchItem item)
{
  const char *value = look_up (field, form);
  MdMatchSide side;

  if (value != NULL && *value != '\0')
    return g_strdup (value);
  return md_identity_proof_get_side (proof, item, &side) ? g_strdup (side.text) : NULL;
}

void
md_naming_fill (MdNaming *self, MdSignerLookup look_up, gpointer form, const MdIdentityProof *proof)
{
  md_autowipe char *name = pick (look_up, form, "p.name", proof, MD_MATCH_ITEM_NAME);
  md_autowipe char *birth = pick (look_up, form, "p.birth", proof, MD_MATCH_ITEM_DATE);
  md_autowipe char *address = pick (look_up, form, "p.addr", proof, MD_MATCH_ITEM_ADDRESS);
  const MdNamed who = { name, birth, address };

  self->digests[MD_NAMED_WHO] = md_naming_digest_who (&who);
  self->digests[MD_NAMED_SHOWN] = md_naming_digest_shown (name != NULL ? &who : NULL, proof);
  self->digests[MD_NAMED_ADDRESS] = md_naming_digest_address (&who);
}

void
md_naming_clear (MdNaming *self)
{
  for (guint i = 0; i < MD_N_NAMED; i++)
    g_clear_pointer (&self->digests[i], g_bytes_unref);
}

char *
md_naming_dup_bound (const MdNaming *self, MdNamedPart part, const char *intake, const char *salt)
{
  GBytes *digest = self->digests[part];
  md_autowipe char *hex = digest != NULL ? md_hex_encode_bytes (digest) : g_strdup ("");

  return md_named_bind (part, intake, hex, salt);
}

gboolean
md_naming_fits (const MdNaming *self, MdNamedPart part, const char *intake, const char *salt,
                const char *said)
{
  g_autofree char *bound = md_naming_dup_bound (self, part, intake, salt);

  return g_strcmp0 (bound, said) == 0;
}

char *
md_naming_make_salt (void)
{
  guint8 salt[MD_SHA256_SIZE];

  md_random_fill (salt, sizeof salt);
  return md_hex_encode (salt, sizeof salt);
}

char *
md_naming_decode_salt (const guint8 *json, gsize length, GError **error)
{
  g_autoptr (MdRecord) root = md_record_parse (json, length, MD_IDENTITY_EVIDENCE_MAX, NULL);
  const MdRecord *member = root != NULL ? md_record_get (root, MD_NAMING_SALT) : NULL;
  const char *salt = md_record_get_text (root, MD_NAMING_SALT);

  if (root != NULL && member == NULL)
    return g_strdup ("");
  if (salt != NULL && strlen (salt) == 2 * (gsize)MD_SHA256_SIZE
      && strspn (salt, "0123456789abcdef") == strlen (salt))
    return g_strdup (salt);
  g_set_error_literal (error, MD_IDENTITY_ERROR, MD_IDENTITY_ERROR_MALFORMED,
                       "the evidence of identification is damaged: salt");
  return NULL;
}
