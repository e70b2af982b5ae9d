// SPDX-License-Identifier: Apache-2.0
#include "md-naming.h"

#include "md-match-private.h"
#include "md-papers.h"

#include <string.h>

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
  return g_bytes_new (sum, sizeof sum);
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
