// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_SEAL_INSIDE) && !defined(MD_SEAL_COMPILATION)
#error "Include <md-seal.h>"
#endif

#include <gio/gio.h>
#include <md-pki.h>

G_BEGIN_DECLS

/**
 * A file sealed to a recovery certificate: the line "madoguchi-backup/1"; a line of words
 * NAME=VALUE that says whose it is; parts, each its size (u32be) and CMS AuthEnvelopedData to that
 * certificate alone. The first byte of an opened part says what follows: 'd' a piece of the file,
 * 'e' the end, which is the SHA-256 of the two lines and all pieces. So nothing can be left out,
 * added or put in another order. It does not say who made it.
 */

/* In a terminal's state folder: a copy of the database in clear, while it is sealed; a backup that
 * was opened, while it is looked through; a mark for as long as the database is being replaced; how
 * the name of one that was replaced begins, before its time (RFC 3339), and what follows upon that
 * in the name of a mark where nothing is in it alone. */
#define MD_BACKUP_COPY "terminal.db.copy"
#define MD_BACKUP_OPENED "terminal.db.opened"
#define MD_BACKUP_MARK "restoring"
#define MD_BACKUP_ASIDE "terminal.db.replaced-"
#define MD_BACKUP_TAKEN_OVER ".taken-over"

typedef struct
{
  char *office;
  char *terminal;
  char *time;      /* RFC 3339: of what moment the file is */
  char *recipient; /* fingerprint of the recovery certificate; md_backup_seal() gives it */
} MdBackupHead;

void md_backup_head_free (MdBackupHead *head);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdBackupHead, md_backup_head_free)

/**
 * Seals the file @from into the new file @to (mode 0600), which is synced. After an error there is
 * no such file. MD_SEAL_ERROR, MD_PKI_ERROR (a certificate nothing can be sealed to), G_IO_ERROR
 * (CANCELLED, too) and G_FILE_ERROR.
 */
gboolean md_backup_seal (const char *from, const char *to, const MdBackupHead *head,
                         MdCertificate *recovery, GCancellable *cancellable,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** Whose it says it is, without any key. MD_SEAL_ERROR_MALFORMED, G_FILE_ERROR. (transfer full) */
MdBackupHead *md_backup_read_head (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * Opens @path into the new file @to (mode 0600), which is synced. After an error there is no such
 * file. MD_SEAL_ERROR_MALFORMED (cut off, or no backup), MD_SEAL_ERROR_DIGEST (not as it was made),
 * MD_PKI_ERROR (another key, a damaged part), G_FILE_ERROR.
 */
gboolean md_backup_open (const char *path, MdKey *key, const MdCertificate *recovery,
                         const char *to, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** Overwrites and removes the database @path in clear, and what SQLite may have left beside it
 * (-wal, -shm, -journal); nothing where there is none. */
void md_backup_erase_clear (const char *path);

G_END_DECLS
