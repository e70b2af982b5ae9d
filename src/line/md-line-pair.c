// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-line-pair.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <md-base.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY ".key"
#define CERTIFICATE ".crt"
#define USED ".used" /* the gateway has served it */
#define ID_SIZE (2 * MD_SHA256_SIZE)
#define MOST_PAIRS 64u /* that are looked at */

void
md_line_pair_free (MdLinePair *pair)
{
  if (pair == NULL)
    return;
  g_free (pair->certificate);
  g_free (pair->key);
  g_free (pair->id);
  g_free (pair);
}

/* --- What is there --- */

static char *
id_of (GBytes *spki)
{
  return g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, spki);
}

static char *
place_of (const MdLineConfig *line, const char *id, const char *kind)
{
  g_autofree char *name = g_strconcat (id, kind, NULL);

  return g_build_filename (line->pairs, name, NULL);
}

/* The ids of all keys in the folder. */
static GPtrArray *
list_ids (const MdLineConfig *line)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = line->pairs != NULL ? g_dir_open (line->pairs, 0, NULL) : NULL;
  const char *name = NULL;

  while (dir != NULL && ids->len < MOST_PAIRS && (name = g_dir_read_name (dir)) != NULL)
    if (strspn (name, "0123456789abcdef") == ID_SIZE && strcmp (name + ID_SIZE, KEY) == 0)
      g_ptr_array_add (ids, g_strndup (name, ID_SIZE));
  return ids;
}

/* NULL for what does not belong together. Takes both paths. */
static MdLinePair *
read_pair (char *certificate_path, char *key_path)
{
  g_autoptr (MdLinePair) pair = g_new0 (MdLinePair, 1);
  g_autoptr (MdCertificate) certificate = NULL;
  g_autoptr (MdKey) key = NULL;

  pair->certificate = certificate_path;
  pair->key = key_path;
  if (!g_file_test (certificate_path, G_FILE_TEST_EXISTS))
    return NULL;
  certificate = md_certificate_new_from_file (certificate_path, NULL);
  key = certificate != NULL ? md_key_new_from_file (key_path, NULL, NULL) : NULL;
  if (key == NULL || !md_key_matches (key, certificate))
    return NULL;
  pair->id = id_of (md_key_get_spki (key));
  pair->not_before = md_certificate_get_not_before (certificate);
  pair->not_after = md_certificate_get_not_after (certificate);
  return g_steal_pointer (&pair);
}

static gboolean
is_later (const MdLinePair *pair, const MdLinePair *than)
{
  if (pair->not_before != than->not_before)
    return pair->not_before > than->not_before;
  return pair->renewed && (!than->renewed || pair->not_after > than->not_after);
}

MdLinePair *
md_line_pair_pick (const MdLineConfig *line, const char *shunned)
{
  g_autoptr (GPtrArray) ids = list_ids (line);
  MdLinePair *best = line->certificate != NULL && line->key != NULL
                         ? read_pair (g_strdup (line->certificate), g_strdup (line->key))
                         : NULL;

  for (guint i = 0; i < ids->len; i++)
    {
      const char *id = ids->pdata[i];
      g_autoptr (MdLinePair) pair
          = read_pair (place_of (line, id, CERTIFICATE), place_of (line, id, KEY));

      if (pair == NULL)
        continue;
      pair->renewed = TRUE;
      if (best == NULL || g_strcmp0 (best->id, shunned) == 0
          || (g_strcmp0 (pair->id, shunned) != 0 && is_later (pair, best)))
        {
          md_line_pair_free (best);
          best = g_steal_pointer (&pair);
        }
    }
  return best;
}

void
md_line_pair_settle (MdLineConfig *line, const char *shunned)
{
  g_autoptr (MdLinePair) pair = line->pairs != NULL ? md_line_pair_pick (line, shunned) : NULL;

  if (pair == NULL)
    return;
  g_free (line->certificate);
  g_free (line->key);
  line->certificate = g_steal_pointer (&pair->certificate);
  line->key = g_steal_pointer (&pair->key);
}

gboolean
md_line_pair_is_due (const MdLinePair *pair, gint64 now)
{
  return pair->not_after - now < (pair->not_after - pair->not_before) / 3;
}

/* --- A new one --- */

static gboolean
write_whole (const char *path, const char *text, gsize size, GError **error)
{
  return g_file_set_contents_full (path, text, (gssize)size,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}

static gboolean
has_certificate (const MdLineConfig *line, const char *id)
{
  g_autofree char *path = place_of (line, id, CERTIFICATE);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static MdKey *
find_key (const MdLineConfig *line)
{
  g_autoptr (GPtrArray) ids = list_ids (line);
  MdKey *key = NULL;

  for (guint i = 0; i < ids->len && key == NULL; i++)
    if (!has_certificate (line, ids->pdata[i]))
      {
        g_autofree char *path = place_of (line, ids->pdata[i], KEY);

        key = md_key_new_from_file (path, NULL, NULL);
      }
  return key;
}

static gboolean
make_folder (const MdLineConfig *line, GError **error)
{
  if (g_mkdir_with_parents (line->pairs, 0700) == 0)
    return TRUE;
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s: %s", line->pairs, g_strerror (errno));
  return FALSE;
}

MdKey *
md_line_pair_make_key (const MdLineConfig *line, gboolean *out_made, GError **error)
{
  g_autoptr (MdKey) key = find_key (line);
  g_autoptr (MdSecret) pem = NULL;
  g_autofree char *id = NULL;
  g_autofree char *path = NULL;

  *out_made = key == NULL;
  if (key != NULL)
    return g_steal_pointer (&key);
  key = make_folder (line, error) ? md_key_generate (error) : NULL;
  pem = key != NULL ? md_key_dup_pem (key, error) : NULL;
  if (pem == NULL)
    return NULL;
  id = id_of (md_key_get_spki (key));
  path = place_of (line, id, KEY);
  if (!write_whole (path, (const char *)md_secret_get_data (pem), md_secret_get_size (pem), error))
    return NULL;
  return g_steal_pointer (&key);
}

static const char *
only_uri (const MdCertificate *certificate)
{
  const char *const *uris = md_certificate_get_san_uris (certificate);

  return uris[0] != NULL && uris[1] == NULL ? uris[0] : NULL;
}

/* NULL where it may be taken. (transfer full) */
static char *
find_fault (const MdLineConfig *line, const MdLinePair *pair, const MdKey *key,
            const MdCertificate *certificate, gint64 now)
{
  g_autoptr (GPtrArray) anchors = md_certificate_list_from_file (line->ca, NULL);
  g_autoptr (MdCertificate) before = md_certificate_new_from_file (pair->certificate, NULL);
  g_autoptr (MdTrust) trust = md_trust_new (MD_TRUST_PROFILE_SIGNER);
  g_autoptr (MdVerdict) verdict = NULL;

  for (guint i = 0; anchors != NULL && i < anchors->len; i++)
    md_trust_add_anchor (trust, anchors->pdata[i]);
  verdict = md_trust_check (trust, certificate, NULL, now);
  if (!md_key_matches (key, certificate))
    return g_strdup ("another key");
  if (before == NULL || only_uri (before) == NULL
      || g_strcmp0 (only_uri (certificate), only_uri (before)) != 0)
    return g_strdup ("another name");
  if (md_verdict_get_status (verdict) != MD_VERDICT_VALID)
    return g_strdup (md_verdict_get_detail (verdict));
  return md_certificate_get_not_after (certificate) <= pair->not_after
             ? g_strdup ("it ends no later than the one before")
             : NULL;
}

gboolean
md_line_pair_add (const MdLineConfig *line, const MdLinePair *pair, const MdKey *key, GBytes *der,
                  gint64 now, GError **error)
{
  g_autoptr (MdCertificate) certificate = md_certificate_new_from_der (der, error);
  g_autofree char *fault
      = certificate != NULL ? find_fault (line, pair, key, certificate, now) : NULL;
  g_autofree char *id = id_of (md_key_get_spki (key));
  g_autofree char *path = place_of (line, id, CERTIFICATE);
  g_autofree char *pem = NULL;

  if (certificate == NULL)
    return FALSE;
  if (fault != NULL)
    {
      g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_KEY_MISMATCH, fault);
      return FALSE;
    }
  pem = md_certificate_dup_pem (certificate);
  return write_whole (path, pem, strlen (pem), error);
}

/* --- Old ones --- */

/* What lay there is not left on the disk, as far as a file system writes in place. */
static void
wipe_file (const char *path)
{
  const int fd = g_open (path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0);
  struct stat found = { 0 };
  const char zeros[256] = { 0 };
  gint64 left = 0;

  if (fd >= 0 && fstat (fd, &found) == 0 && S_ISREG (found.st_mode))
    left = found.st_size;
  while (left > 0)
    {
      const gssize written = write (fd, zeros, MIN ((gsize)left, sizeof zeros));

      if (written <= 0)
        break;
      left -= written;
    }
  if (fd >= 0)
    {
      (void)fsync (fd);
      close (fd);
    }
  (void)g_unlink (path);
}

static void
destroy (const MdLineConfig *line, const char *id)
{
  g_autofree char *key = place_of (line, id, KEY);
  g_autofree char *certificate = place_of (line, id, CERTIFICATE);
  g_autofree char *used = place_of (line, id, USED);

  wipe_file (key);
  (void)g_unlink (certificate);
  (void)g_unlink (used);
}

/* Files that were being written when something died: a key may be in them. */
static void
sweep (const MdLineConfig *line)
{
  g_autoptr (GDir) dir = g_dir_open (line->pairs, 0, NULL);
  const char *name = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (strspn (name, "0123456789abcdef") == ID_SIZE && strcmp (name + ID_SIZE, KEY) != 0
        && strcmp (name + ID_SIZE, CERTIFICATE) != 0 && strcmp (name + ID_SIZE, USED) != 0)
      {
        g_autofree char *path = g_build_filename (line->pairs, name, NULL);

        wipe_file (path);
      }
}

/* One that is newer than the one in use was refused: it may be listed later. */
static gboolean
is_over (const MdLineConfig *line, const char *id, const MdLinePair *used)
{
  g_autoptr (MdLinePair) other = NULL;

  if (strcmp (id, used->id) == 0 || !has_certificate (line, id))
    return FALSE;
  other = read_pair (place_of (line, id, CERTIFICATE), place_of (line, id, KEY));
  if (other != NULL)
    other->renewed = TRUE;
  return other == NULL || !is_later (other, used);
}

gboolean
md_line_pair_accept (const MdLineConfig *line, const MdLinePair *pair)
{
  g_autoptr (GPtrArray) ids = list_ids (line);
  g_autofree char *mark = NULL;

  if (line->pairs == NULL)
    return FALSE;
  sweep (line);
  for (guint i = 0; i < ids->len; i++)
    if (is_over (line, ids->pdata[i], pair))
      destroy (line, ids->pdata[i]);
  mark = place_of (line, pair->id, USED);
  return pair->renewed && !g_file_test (mark, G_FILE_TEST_EXISTS)
         && write_whole (mark, "", 0, NULL);
}

void
md_line_pair_forget_key (const MdLineConfig *line)
{
  g_autoptr (GPtrArray) ids = list_ids (line);

  for (guint i = 0; i < ids->len; i++)
    if (!has_certificate (line, ids->pdata[i]))
      destroy (line, ids->pdata[i]);
}
