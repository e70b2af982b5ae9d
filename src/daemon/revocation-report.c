// SPDX-License-Identifier: Apache-2.0
/* What is told about the lists of revoked certificates. */
#include "config.h"

#include <glib/gi18n.h>

#include "revocation-private.h"

#define DAY_S (24 * 3600)

static void
add_text (GVariantBuilder *builder, const char *key, const char *value)
{
  g_variant_builder_add (builder, "{sv}", key, g_variant_new_string (value != NULL ? value : ""));
}

static void
add_time (GVariantBuilder *builder, const char *key, gint64 seconds)
{
  g_autofree char *text
      = seconds > 0 ? md_time_format_rfc3339 (seconds * G_USEC_PER_SEC) : g_strdup ("");

  add_text (builder, key, text);
}

/* An eighth of what it may be used at all, or a day: by then a newer one should have come. */
const char *
revocation_judge_entry (const Revocation *self, const MdCrlEntry *entry)
{
  const gint64 limit = md_crl_entry_get_limit (entry, revocation_max_age (self));
  const gint64 left = limit - revocation_now (self);

  if (left < 0)
    return "old";
  return left < MIN ((limit - entry->this_update) / 8, DAY_S) ? "aging" : "ok";
}

GVariant *
revocation_list (Revocation *self)
{
  g_autoptr (GPtrArray) entries = md_crl_store_list (self->store);
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < entries->len; i++)
    {
      const MdCrlEntry *entry = g_ptr_array_index (entries, i);

      g_variant_builder_open (&rows, G_VARIANT_TYPE_VARDICT);
      add_text (&rows, "issuer", entry->issuer);
      add_text (&rows, "number", entry->number);
      add_time (&rows, "this_update", entry->this_update);
      add_time (&rows, "next_update", entry->next_update);
      add_time (&rows, "usable_until", md_crl_entry_get_limit (entry, revocation_max_age (self)));
      add_text (&rows, "state", revocation_judge_entry (self, entry));
      g_variant_builder_close (&rows);
    }
  return g_variant_builder_end (&rows);
}

GVariant *
revocation_list_sources (Revocation *self)
{
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < self->sources->len; i++)
    {
      const RevocationSource *source = g_ptr_array_index (self->sources, i);

      g_variant_builder_open (&rows, G_VARIANT_TYPE_VARDICT);
      add_text (&rows, "url", source->url);
      add_text (&rows, "state", source->state);
      add_time (&rows, "last_success", source->success);
      add_time (&rows, "next_try", source->next);
      g_variant_builder_close (&rows);
    }
  return g_variant_builder_end (&rows);
}

/* There is where to fetch them, it was tried, and not one is here. */
static gboolean
is_wanting (const Revocation *self, const GPtrArray *entries)
{
  const RevocationSource *first
      = self->sources->len > 0 ? g_ptr_array_index (self->sources, 0) : NULL;

  return entries->len == 0 && first != NULL && !g_str_equal (first->state, "waiting");
}

char *
revocation_dup_attention (Revocation *self)
{
  g_autoptr (GPtrArray) entries = md_crl_store_list (self->store);
  gboolean old = is_wanting (self, entries);
  gint64 soonest = 0;

  for (guint i = 0; i < entries->len; i++)
    {
      const MdCrlEntry *entry = g_ptr_array_index (entries, i);
      const gint64 limit = md_crl_entry_get_limit (entry, revocation_max_age (self));
      const char *state = revocation_judge_entry (self, entry);

      old = old || g_str_equal (state, "old");
      if (g_str_equal (state, "aging") && (soonest == 0 || limit < soonest))
        soonest = limit;
    }
  if (old)
    return g_strdup (
        _ ("Lists of revoked certificates on this terminal are missing or too old. While the "
           "online check is away, cards may not be verified. Ask the administrator to look at it "
           "today."));
  if (soonest != 0)
    {
      g_autofree char *until = md_time_format_tokyo (soonest * G_USEC_PER_SEC, MD_TIME_STYLE_ISO);

      return g_strdup_printf (
          _ ("Lists of revoked certificates on this terminal can be used until %s only, and no "
             "newer ones have come. Ask the administrator to look at it before then."),
          until);
    }
  return NULL;
}
