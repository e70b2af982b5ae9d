// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "md-db.h"
#include "md-seal.h"
#include "verb.h"

/* A terminal's state folder, worked on while its service does not run. */
typedef struct
{
  char *office;
  char *terminal;
  char *state_dir;
  char *certificate; /* the recovery certificate; NULL where the settings name none */
  char *database;
  char *opened; /* where the backup is opened to, in clear */
  int lock_fd;
} Store;

/* What a backup holds. */
typedef struct
{
  MdBackupHead *head;
  guint64 intakes;
  guint64 unsent; /* items without a receipt */
} Contents;

void contents_clear (Contents *contents);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Contents, contents_clear)

/* The settings of the terminal name it (--config). */
Store *store_new (Context *context, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What was opened goes, overwritten. */
void store_free (Store *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Store, store_free)

/* Keeps the service away for as long as SELF lives. MD_DB_ERROR_BUSY while it runs. */
gboolean store_lock (Store *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Opens the backup PATH with the key of --key, and looks through all of it: that it is this
 * terminal's, whole, every page and the chain of its log, and of no newer release. */
gboolean store_open_backup (Store *self, Context *context, const char *path, Contents *out_contents,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The database to work from: where it was being replaced and that was interrupted, the one that
 * lies aside, which is brought there to its end first. (transfer full) */
char *store_dup_replaced (Store *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Puts the file that was opened in the database's place, synced and as the service's own. The
 * database that was there stays beside it under the name *OUT_ASIDE (NULL where there was none). */
gboolean store_swap (Store *self, char **out_aside, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Nothing is in the replaced database ASIDE alone (NULL: there is none): the service may erase it
 * when it is time. */
gboolean store_mark_taken_over (Store *self, const char *aside,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Puts what was opened in the database's place, with a mark and a record in it. The database that
 * was there stays beside it under the name *OUT_ASIDE (NULL where there was none); *OUT_MISSED: so
 * many of its items without a receipt are not in the backup; -1 where it cannot be read. */
gboolean store_replace (Store *self, const char *path, const Contents *contents, char **out_aside,
                        gint64 *out_missed, GError **error) G_GNUC_WARN_UNUSED_RESULT;
