// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_STAFF_COMPILATION
#error "Private to this module."
#endif

#include "md-db.h"
#include "md-staff-password.h"

/* One row of the accounts table; all fields zero for an officer without one. */
typedef struct
{
  MdPasswordVerifier *verifier; /* NULL: no password yet */
  guint failed;                 /* tries since the last login or the last lock-out */
  gint64 locked_until_ms;       /* 0: not locked */
  char *last_login;
} MdStaffAccount;

void _md_staff_account_free (MdStaffAccount *account);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdStaffAccount, _md_staff_account_free)

/* Never NULL but on failure. */
MdStaffAccount *_md_staff_account_read (MdDb *db, const char *staff, GError **error);

/* Writers: inside the caller's transaction. */
gboolean _md_staff_account_write_password (MdDb *db, const char *staff,
                                           const MdPasswordVerifier *verifier, GError **error);
gboolean _md_staff_account_write_failure (MdDb *db, const char *staff, guint failed,
                                          gint64 locked_until_ms, GError **error);
gboolean _md_staff_account_write_login (MdDb *db, const char *staff, const char *time,
                                        GError **error);
