// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <fcntl.h>
#include <glib/gi18n.h>
#include <openssl/sha.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "md-scan-document.h"
#include "md-scan-inspect.h"
#include "md-scan-private.h"

struct _MdScanDocument
{
  GObject parent_instance;

  MdSecret *bytes;
  MdScanFacts facts;
  gboolean passed;
  char sha256[2 * MD_SHA256_SIZE + 1];
  char *scanner;
  struct
  {
    char *path; /* may be a name that tells something: it is in no message */
    struct stat file;
  } source;
};

G_DEFINE_FINAL_TYPE (MdScanDocument, md_scan_document, G_TYPE_OBJECT)

static void
forget_source (MdScanDocument *self)
{
  g_clear_pointer (&self->source.path, md_wipe_free_text);
}

static void
md_scan_document_finalize (GObject *object)
{
  MdScanDocument *self = MD_SCAN_DOCUMENT (object);

  md_scan_document_wipe (self);
  g_free (self->scanner);
  G_OBJECT_CLASS (md_scan_document_parent_class)->finalize (object);
}

static void
md_scan_document_class_init (MdScanDocumentClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = md_scan_document_finalize;
}

static void
md_scan_document_init (MdScanDocument *self)
{
}

static MdScanDocument *
make (MdSecret *bytes, const MdScanFacts *facts, gboolean passed)
{
  MdScanDocument *self = g_object_new (MD_TYPE_SCAN_DOCUMENT, NULL);
  guint8 sum[MD_SHA256_SIZE];
  g_autofree char *hex = NULL;

  self->bytes = md_secret_ref (bytes);
  self->facts = *facts;
  self->passed = passed;
  (void)SHA256 (md_secret_get_data (bytes), md_secret_get_size (bytes), sum);
  hex = md_hex_encode (sum, sizeof sum);
  (void)g_strlcpy (self->sha256, hex, sizeof self->sha256);
  return self;
}

MdScanDocument *
md_scan_document_new (MdSecret *bytes, GCancellable *cancellable, GError **error)
{
  MdScanFacts facts = { 0 };

  if (!md_scan_inspect (md_secret_get_data (bytes), md_secret_get_size (bytes), cancellable, &facts,
                        error))
    return NULL;
  return make (bytes, &facts, TRUE);
}

MdScanDocument *
md_scan_document_new_sealed (MdSecret *bytes, GCancellable *cancellable, GError **error)
{
  const guint8 *data = md_secret_get_data (bytes);
  const gsize size = md_secret_get_size (bytes);
  g_autoptr (GError) local = NULL;
  MdScanFacts facts = { 0 };

  if (md_scan_inspect (data, size, cancellable, &facts, &local))
    return make (bytes, &facts, TRUE);
  facts = (MdScanFacts){ 0 };
  if (!g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      && _md_scan_tell_kind (data, size, &facts.kind))
    return make (bytes, &facts, FALSE);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

gboolean
md_scan_document_get_passed (MdScanDocument *self)
{
  return self->passed;
}

MdSecret *
md_scan_document_get_bytes (MdScanDocument *self)
{
  return self->bytes;
}

const MdScanFacts *
md_scan_document_get_facts (MdScanDocument *self)
{
  return &self->facts;
}

const char *
md_scan_document_get_sha256 (MdScanDocument *self)
{
  return self->sha256;
}

gsize
md_scan_document_get_size (MdScanDocument *self)
{
  return self->bytes != NULL ? md_secret_get_size (self->bytes) : 0;
}

const char *
md_scan_document_get_scanner (MdScanDocument *self)
{
  return self->scanner;
}

static gboolean
is_name (const char *text)
{
  return text != NULL && *text != '\0' && strlen (text) <= MD_SCAN_MAX_NAME
         && strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
                == strlen (text);
}

void
md_scan_document_set_scanner (MdScanDocument *self, const char *scanner)
{
  g_free (self->scanner);
  self->scanner = is_name (scanner) ? g_strdup (scanner) : NULL;
}

gboolean
md_scan_document_has_source (MdScanDocument *self)
{
  return self->source.path != NULL;
}

void
md_scan_document_set_source (MdScanDocument *self, const char *path, const struct stat *file)
{
  forget_source (self);
  self->source.path = g_strdup (path);
  self->source.file = *file;
}

/* A scanner may write the next person's pages into the very file. */
static gboolean
is_same (const struct stat *a, const struct stat *b)
{
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size
         && a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

gboolean
md_scan_document_remove_source (MdScanDocument *self)
{
  struct stat now;
  gboolean removed;

  if (self->source.path == NULL)
    return FALSE;
  removed = lstat (self->source.path, &now) == 0 && is_same (&now, &self->source.file)
            && unlink (self->source.path) == 0;
  forget_source (self);
  return removed;
}

/* How long the office's line takes for it, as somebody would say it. */
static char *
describe_time (gsize size)
{
  const guint seconds = (guint)((size + MD_SCAN_BYTES_PER_S - 1) / MD_SCAN_BYTES_PER_S);
  const guint minutes = (seconds + 30) / 60;

  if (seconds < 90)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "about %u second on the line",
                                         "about %u seconds on the line", seconds),
                            seconds);
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "about %u minute on the line",
                                       "about %u minutes on the line", minutes),
                          minutes);
}

char *
md_scan_describe_size (gsize size)
{
  g_autofree char *time = describe_time (size);

  if (size < 1000 * 1000)
    return g_strdup_printf (_ ("%u KB, %s"), (guint)((size + 999) / 1000), time);
  return g_strdup_printf (_ ("%.1f MB, %s"), (double)size / 1e6, time);
}

char *
md_scan_document_describe (MdScanDocument *self)
{
  g_autofree char *size = md_scan_describe_size (md_scan_document_get_size (self));
  g_autofree char *pages = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%u page", "%u pages", self->facts.pages), self->facts.pages);

  if (!self->passed)
    return g_strdup_printf (_ ("%s, not shown because the inspection does not pass it, %s"),
                            md_scan_kind_get_label (self->facts.kind), size);
  return g_strdup_printf (_ ("%s, %s, %s"), md_scan_kind_get_label (self->facts.kind), pages, size);
}

void
md_scan_document_wipe (MdScanDocument *self)
{
  /* Whoever seals them just now on another thread has the last of them, and they go with it. */
  g_clear_pointer (&self->bytes, md_secret_unref);
  forget_source (self);
}
