// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <string.h>
#include "md-names-private.h"

static const struct
{
  MdSealName kind;
  const char *prefix;
  const char *suffix;
} numbered[] = {
  { MD_SEAL_NAME_ASIC_MANIFEST, "META-INF/ASiCManifest", ".xml" },
  { MD_SEAL_NAME_SIGNATURE, "META-INF/signature", ".p7s" },
  { MD_SEAL_NAME_DECISION, "decision", ".json" },
};

/* Exactly @digits digits between prefix and suffix; 0 when it is not that. */
static guint
read_number (const char *name, const char *prefix, const char *suffix, gsize digits)
{
  const gsize start = strlen (prefix);
  guint number = 0;

  if (strlen (name) != start + digits + strlen (suffix) || !g_str_has_prefix (name, prefix)
      || !g_str_has_suffix (name, suffix))
    return 0;
  for (gsize i = 0; i < digits; i++)
    {
      if (!g_ascii_isdigit (name[start + i]))
        return 0;
      number = number * 10 + (guint)(name[start + i] - '0');
    }
  return number;
}

gboolean
md_seal_is_part_name (const char *name)
{
  return strcmp (name, MD_SEAL_PART_APPLICATION) == 0 || strcmp (name, MD_SEAL_PART_NUMBER) == 0
         || strcmp (name, MD_SEAL_PART_EVIDENCE) == 0
         || read_number (name, "attachments/", ".cms", 2) > 0;
}

gboolean
md_seal_is_attachment_name (const char *name)
{
  return g_str_has_prefix (name, "attachments/") && md_seal_is_part_name (name);
}

gboolean
md_seal_is_content_type (const char *text)
{
  static const char *const types[]
      = { "application/pdf", "image/jpeg", "image/png", "image/tiff", NULL };

  return g_strv_contains (types, text);
}

gboolean
md_seal_is_readers (const char *text)
{
  return g_strcmp0 (text, MD_SEAL_READERS_NUMBER) == 0
         || g_strcmp0 (text, MD_SEAL_READERS_CLASS) == 0;
}

char *
md_seal_make_attachment_name (guint number)
{
  g_return_val_if_fail (number >= 1 && number <= MD_SEAL_MAX_ATTACHMENTS, NULL);
  return g_strdup_printf ("attachments/%02u.cms", number);
}

MdSealName
md_seal_name_read (const char *name, guint *out_number)
{
  *out_number = 0;
  if (strcmp (name, MD_SEAL_ENTRY_MIMETYPE) == 0)
    return MD_SEAL_NAME_MIMETYPE;
  if (strcmp (name, MD_SEAL_ENTRY_MANIFEST) == 0)
    return MD_SEAL_NAME_MANIFEST;
  if (md_seal_is_part_name (name))
    return MD_SEAL_NAME_PART;
  for (gsize i = 0; i < G_N_ELEMENTS (numbered); i++)
    {
      *out_number = read_number (name, numbered[i].prefix, numbered[i].suffix, 3);
      if (*out_number > 0 && *out_number <= MD_SEAL_MAX_SIGNATURES)
        return numbered[i].kind;
    }
  *out_number = 0;
  return MD_SEAL_NAME_UNKNOWN;
}

char *
md_seal_name_make (MdSealName kind, guint number)
{
  for (gsize i = 0; i < G_N_ELEMENTS (numbered); i++)
    if (numbered[i].kind == kind)
      return g_strdup_printf ("%s%03u%s", numbered[i].prefix, number, numbered[i].suffix);
  g_return_val_if_reached (NULL);
}
