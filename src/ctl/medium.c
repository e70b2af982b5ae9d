// SPDX-License-Identifier: Apache-2.0
/* medium register, retire, list, ledger, lost: which media there are, and what became of them. */
#include "medium.h"

#include <glib/gi18n.h>
#include <unistd.h>
#include "md-base.h"
#include "md-seal.h"

#include "output.h"

#define KEY_SIZE 32u
#define KEY_FILE_MAX 4096u

void
medium_close (Medium *medium)
{
  if (medium->folder >= 0)
    close (medium->folder);
  medium->folder = -1;
  g_clear_pointer (&medium->key, g_free);
}

void
medium_explain (GError **error)
{
  static const struct
  {
    GIOErrorEnum code;
    const char *words;
  } rows[] = {
    { G_IO_ERROR_NO_SPACE, N_ ("The medium is full. Nothing was lost: everything is still here. "
                               "Use an empty one, or a larger one.") },
    { G_IO_ERROR_READ_ONLY, N_ ("The medium is write-protected. Take the protection off, or use "
                                "another one.") },
    { G_IO_ERROR_PERMISSION_DENIED, N_ ("The medium does not let itself be written by you.") },
    { G_IO_ERROR_NOT_FOUND, N_ ("The medium, or a file on it, is not there. Put it in, and name "
                                "the folder at which it is mounted.") },
    { G_IO_ERROR_NOT_DIRECTORY, N_ ("This is no folder. Name the folder at which the medium is "
                                    "mounted.") },
  };
  const char *words = _ ("The medium could not be read or written. It may be damaged, or was taken "
                         "out too early.");

  if (*error == NULL || (*error)->domain != G_IO_ERROR)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if ((*error)->code == (gint)rows[i].code)
      words = gettext (rows[i].words);
  g_prefix_error (error, "%s\n", words);
}

gboolean
medium_open (const char *path, Medium *out_medium, GError **error)
{
  g_autoptr (GBytes) key = NULL;
  g_autoptr (GError) local = NULL;

  out_medium->key = NULL;
  out_medium->folder = md_medium_open (path, error);
  if (out_medium->folder < 0)
    {
      medium_explain (error);
      return FALSE;
    }
  key = md_medium_read (out_medium->folder, MD_MEDIUM_KEY_FILE, KEY_FILE_MAX, &local);
  if (key != NULL)
    out_medium->key = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, key);
  else if (!g_error_matches (local, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      medium_explain (error);
      return FALSE;
    }
  return TRUE;
}

gboolean
medium_note (MdBusTerminal1 *proxy, const Medium *medium, const char *bundle, const char *digest,
             const char *what, GError **error)
{
  const char *key = medium != NULL && medium->key != NULL ? medium->key : "";

  return md_bus_terminal1_call_note_medium_sync (proxy, bundle, what, key,
                                                 digest != NULL ? digest : "", NULL, error);
}

/* --- Verbs --- */

/* Random bytes that no other medium has. */
static gboolean
make_key (Medium *medium, GError **error)
{
  guint8 random[KEY_SIZE];
  g_autofree char *hex = NULL;
  g_autofree char *line = NULL;
  g_autoptr (GBytes) bytes = NULL;

  md_random_fill (random, sizeof random);
  hex = md_hex_encode (random, sizeof random);
  line = g_strconcat (hex, "\n", NULL);
  bytes = g_bytes_new (line, strlen (line));
  medium->key = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  if (md_medium_write (medium->folder, MD_MEDIUM_KEY_FILE, bytes, error))
    return TRUE;
  medium_explain (error);
  return FALSE;
}

Status
verb_medium_register (Context *context, const char *operand)
{
  MdBusTerminal1 *proxy = context_proxy (context);
  g_auto (Medium) medium = { .folder = -1 };
  GError *error = NULL;
  gboolean made = FALSE;

  if (proxy == NULL)
    return STATUS_ABSENT;
  if (!medium_open (context->operands[1], &medium, &error))
    return context_fail (error);
  made = medium.key == NULL;
  if (made && !make_key (&medium, &error))
    return context_fail (error);
  if (!md_bus_terminal1_call_register_medium_sync (proxy, operand, medium.key, NULL, &error))
    {
      if (made)
        (void)unlinkat (medium.folder, MD_MEDIUM_KEY_FILE, 0);
      return context_fail (error);
    }
  if (context->json)
    output_json (g_variant_new_parsed ("{'medium': <%s>, 'registered': <true>, 'key': <%s>}",
                                       operand, medium.key));
  else
    {
      g_print (_ ("The medium %s is registered. Write this name on it.\n"), operand);
      g_print (_ ("For the gateway's settings, section [media]: %s=%s\n"), operand, medium.key);
    }
  return STATUS_OK;
}

Status
verb_medium_retire (Context *context, const char *operand)
{
  MdBusTerminal1 *proxy = context_proxy (context);
  GError *error = NULL;

  if (proxy == NULL)
    return STATUS_ABSENT;
  if (!md_bus_terminal1_call_retire_medium_sync (proxy, operand, NULL, &error))
    return context_fail (error);
  if (context->json)
    output_json (g_variant_new_parsed ("{'medium': <%s>, 'retired': <true>}", operand));
  else
    g_print (_ ("The medium %s is used no more.\n"), operand);
  return STATUS_OK;
}

Status
verb_medium_dispose (Context *context, const char *operand)
{
  MdBusTerminal1 *proxy = context_proxy (context);
  GError *error = NULL;

  if (proxy == NULL)
    return STATUS_ABSENT;
  if (context->method == NULL)
    {
      g_printerr ("%s\n", _ ("madoguchictl: say how it was disposed of, with --method destroyed, "
                             "degaussed or overwritten."));
      return STATUS_USAGE;
    }
  if (!md_bus_terminal1_call_dispose_medium_sync (proxy, operand, context->method, NULL, &error))
    return context_fail (error);
  if (context->json)
    output_json (g_variant_new_parsed ("{'medium': <%s>, 'disposed': <true>, 'method': <%s>}",
                                       operand, context->method));
  else
    g_print (_ ("It is in the ledger that the medium %s was disposed of, when, and how.\n"),
             operand);
  return STATUS_OK;
}

static Status
list (Context *context, gboolean ledger)
{
  static const Column media_columns[] = {
    { "medium", N_ ("Medium") },
    { "registered", N_ ("Registered") },
    { "retired", N_ ("Retired") },
    { "bundle", N_ ("Out with") },
    { "disposed", N_ ("Disposed of") },
    { "method", N_ ("How") },
    { NULL, NULL },
  };
  static const Column ledger_columns[] = {
    { "bundle", N_ ("Bundle") },
    { "medium", N_ ("Medium") },
    { "state", N_ ("State") },
    { "released", N_ ("Released") },
    { "officer", N_ ("Released by") },
    { "carrier", N_ ("Handed to") },
    { "purpose", N_ ("Purpose") },
    { "items", N_ ("Items") },
    { "delivered", N_ ("With receipt") },
    { "changed", N_ ("Since") },
    { NULL, NULL },
  };
  MdBusTerminal1 *proxy = context_proxy (context);
  g_autoptr (GVariant) media = NULL;
  g_autoptr (GVariant) bundles = NULL;
  GVariant *rows = NULL;
  GError *error = NULL;

  if (proxy == NULL)
    return STATUS_ABSENT;
  if (!md_bus_terminal1_call_list_media_sync (proxy, &media, &bundles, NULL, &error))
    return context_fail (error);
  rows = ledger ? bundles : media;
  if (context->json)
    output_json (rows);
  else if (g_variant_n_children (rows) == 0)
    g_print ("%s\n", ledger ? _ ("Nothing has gone by a medium.") : _ ("No medium is registered."));
  else
    output_table (rows, ledger ? ledger_columns : media_columns);
  return STATUS_OK;
}

Status
verb_medium_list (Context *context, const char *operand)
{
  return list (context, FALSE);
}

Status
verb_medium_ledger (Context *context, const char *operand)
{
  return list (context, TRUE);
}

Status
verb_medium_lost (Context *context, const char *operand)
{
  MdBusTerminal1 *proxy = context_proxy (context);
  GError *error = NULL;

  if (proxy == NULL)
    return STATUS_ABSENT;
  if (!medium_note (proxy, NULL, operand, NULL, "lost", &error))
    return context_fail (error);
  if (context->json)
    output_json (g_variant_new_parsed ("{'bundle': <%s>, 'state': <'lost'>}", operand));
  else
    g_print ("%s\n",
             _ ("It is in the ledger as lost. What was on it is sealed, waits here, and may "
                "go by another medium. Report the loss as the office's rules say."));
  return STATUS_OK;
}
