// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_SEAL_INSIDE) && !defined(MD_SEAL_COMPILATION)
#error "Include <md-seal.h>"
#endif

#include "md-backup.h"

G_BEGIN_DECLS

/**
 * The folder of backups, which terminals may share: TERMINAL-MOMENT.mdbackup, the moment in digits,
 * T and Z alone. One that is not finished has MD_BACKUP_PART behind it. Nothing fails: where there
 * is no folder there is no backup.
 */

#define MD_BACKUP_PART ".part"

/** The name of a backup with that head. (transfer full) */
char *md_backup_dup_name (const MdBackupHead *head) G_GNUC_WARN_UNUSED_RESULT;

/** The names of @terminal's backups in @folder, oldest moment first. (transfer full) */
GPtrArray *md_backup_list (const char *folder, const char *terminal) G_GNUC_WARN_UNUSED_RESULT;

/**
 * The moment of the newest one, microseconds since 1970; 0: none. One that was made by a clock more
 * than an hour ahead of @now_us is not looked at: it says nothing of how old the others are.
 */
gint64 md_backup_find_last (const char *folder, const char *terminal, gint64 now_us);

/**
 * Removes all but @keep, once @made is there, which stays: first what a clock more than an hour
 * ahead of @now_us has made, then the oldest. *@out_kept: how many are left. Returns: how many were
 * removed.
 */
guint md_backup_remove_old (const char *folder, const char *terminal, guint keep, const char *made,
                            gint64 now_us, guint *out_kept);

/** Removes what was not finished. */
void md_backup_remove_parts (const char *folder, const char *terminal);

G_END_DECLS
