// SPDX-License-Identifier: Apache-2.0
/* The login: card, password, and what each failure means. */
#include <glib/gi18n.h>

#include "md-staff-account-private.h"
#include "md-staff-desk-private.h"

#define MAX_PENDING 16u

static gboolean
refuse_busy (MdStaffDesk *self, const char *staff, GError **error)
{
  return _md_staff_refuse (
      self, staff, "cause=busy", MD_STAFF_ERROR_BUSY, error, "%s",
      _ ("Another officer is working at this terminal. Wait until that officer has logged "
         "out."));
}

/* Whoever asked died while the password was being checked: a session of its would shut everybody
 * else out. */
static gboolean
refuse_vanished (MdStaffDesk *self, const char *staff, GError **error)
{
  return _md_staff_refuse (self, staff, "cause=vanished", MD_STAFF_ERROR_LOGIN_UNKNOWN, error, "%s",
                           _ ("The login took too long. Put the staff card on the reader again."));
}

/* Whether a login from OWNER would push somebody else's live session away. */
static gboolean
is_taken (MdStaffDesk *self, const char *owner)
{
  return self->session != NULL && !self->session->public.locked
         && g_strcmp0 (self->session->owner, owner) != 0;
}

static const char *
explain (MdVerdictStatus status)
{
  if (status == MD_VERDICT_EXPIRED)
    return _ ("This staff card has expired. Ask the administrator for a new one.");
  if (status == MD_VERDICT_NOT_YET_VALID)
    return _ ("This staff card is not valid yet. Check this terminal's date and time; if they are "
              "right, ask the administrator.");
  return _ ("This staff card cannot be trusted. Ask the administrator for a new one.");
}

static const MdPolicyStaff *
judge_card (MdStaffDesk *self, MdCertificate *certificate, GError **error)
{
  GBytes *der = md_certificate_get_der (certificate);
  const MdPolicyStaff *officer = md_policy_get_staff_by_certificate (self->policy, der);
  g_autoptr (MdVerdict) verdict = NULL;
  g_autofree char *detail = NULL;

  if (officer == NULL || officer->auth == NULL || !g_bytes_equal (officer->auth, der))
    {
      _md_staff_refuse (
          self, NULL, "cause=unknown-card", MD_STAFF_ERROR_CARD_UNKNOWN, error, "%s",
          _ ("This staff card is not registered for this office. Use your own staff card, or "
             "ask the "
             "administrator to register it."));
      return NULL;
    }
  verdict = md_trust_check (self->trust, certificate, NULL,
                            md_clock_get_wall_us (self->clock) / G_USEC_PER_SEC);
  if (md_verdict_get_status (verdict) == MD_VERDICT_VALID)
    return officer;
  detail = g_strdup_printf ("cause=card-%s",
                            md_verdict_status_to_string (md_verdict_get_status (verdict)));
  _md_staff_refuse (self, officer->id, detail, MD_STAFF_ERROR_CARD_UNKNOWN, error, "%s",
                    explain (md_verdict_get_status (verdict)));
  return NULL;
}

gboolean
md_staff_desk_begin (MdStaffDesk *self, const char *owner, GBytes *certificate, char **out_login,
                     GBytes **out_challenge, GError **error)
{
  g_autoptr (MdCertificate) parsed = NULL;
  const MdPolicyStaff *officer;
  Pending *pending;
  guint8 id[SESSION_ID_SIZE];
  char *login;

  self->caller = owner;
  if (self->policy == NULL)
    return _md_staff_refuse (self, NULL, "cause=no-policy", MD_STAFF_ERROR_NO_POLICY, error, "%s",
                             _ ("This terminal has no valid policy, so nobody can log in. Call the "
                                "administrator."));
  parsed = md_certificate_new_from_der (certificate, NULL);
  if (parsed == NULL)
    return _md_staff_refuse (
        self, NULL, "cause=unreadable-card", MD_STAFF_ERROR_CARD_UNKNOWN, error, "%s",
        _ ("The certificate on this card cannot be read. Use your own staff card."));
  officer = judge_card (self, parsed, error);
  if (officer == NULL)
    return FALSE;
  if (is_taken (self, owner))
    return refuse_busy (self, officer->id, error);

  _md_staff_drop_pending (self, owner);
  g_hash_table_add (self->present, g_strdup (owner));
  if (g_hash_table_size (self->pending) >= MAX_PENDING)
    g_hash_table_remove_all (self->pending);
  md_random_fill (id, sizeof id);
  login = md_hex_encode (id, sizeof id);
  pending = g_new0 (Pending, 1);
  pending->owner = g_strdup (owner);
  pending->staff = g_strdup (officer->id);
  pending->certificate = md_certificate_ref (parsed);
  pending->begun_ns = md_clock_get_monotonic_ns (self->clock);
  md_random_fill (pending->challenge, sizeof pending->challenge);
  g_hash_table_insert (self->pending, g_strdup (login), pending);
  *out_challenge = g_bytes_new (pending->challenge, sizeof pending->challenge);
  *out_login = login;
  return TRUE;
}

/* Seconds that the account stays locked; never more than a whole lock-out, whatever happened to the
 * clock. */
static gint64
locked_for_s (MdStaffDesk *self, const MdStaffAccount *account)
{
  gint64 left_ms = account->locked_until_ms - md_clock_get_wall_us (self->clock) / 1000;

  return CLAMP ((left_ms + 999) / 1000, 0, MD_STAFF_LOCKOUT_S);
}

static gboolean
refuse_locked (MdStaffDesk *self, const char *staff, gint64 seconds, GError **error)
{
  return _md_staff_refuse (
      self, staff, "cause=locked-out", MD_STAFF_ERROR_LOCKED_OUT, error,
      _ ("Too many wrong passwords. Try again in %d minutes, or ask the administrator to set a "
         "new password."),
      (int)((seconds + 59) / 60));
}

static gboolean
answer_fits (const Pending *pending, GBytes *signature)
{
  guint8 digest[MD_SHA256_SIZE];

  md_sha256 (pending->challenge, sizeof pending->challenge, digest);
  return md_certificate_verify_digest (pending->certificate, digest, signature, NULL);
}

void
md_staff_check_free (MdStaffCheck *check)
{
  if (check == NULL)
    return;
  g_free (check->staff);
  md_password_verifier_unref (check->verifier);
  g_free (check);
}

/* The login with this id, if it is OWNER's; it is used up in any case. */
static Pending *
take_pending (MdStaffDesk *self, const char *owner, const char *login, GError **error)
{
  g_autoptr (Pending) pending = NULL;
  g_autofree char *key = NULL;

  self->caller = owner;
  md_staff_desk_expire (self);
  g_hash_table_steal_extended (self->pending, login, (gpointer *)&key, (gpointer *)&pending);
  if (pending != NULL && g_strcmp0 (pending->owner, owner) == 0)
    return g_steal_pointer (&pending);
  _md_staff_refuse (self, NULL, "cause=unknown-login", MD_STAFF_ERROR_LOGIN_UNKNOWN, error, "%s",
                    _ ("The login took too long. Put the staff card on the reader again."));
  return NULL;
}

MdStaffCheck *
md_staff_desk_check_card (MdStaffDesk *self, const char *owner, const char *login,
                          GBytes *signature, GError **error)
{
  g_autoptr (Pending) pending = take_pending (self, owner, login, error);
  g_autoptr (MdStaffAccount) account = NULL;
  MdStaffCheck *check;
  gint64 locked;

  if (pending == NULL)
    return NULL;
  if (!answer_fits (pending, signature))
    {
      _md_staff_refuse (
          self, pending->staff, "cause=card-answer", MD_STAFF_ERROR_CARD_MISMATCH, error, "%s",
          _ ("The card's answer does not belong to the staff card that was shown. Use your own "
             "staff card; if it was yours, the card may be damaged."));
      return NULL;
    }
  account = _md_staff_account_read (self->db, pending->staff, error);
  if (account == NULL)
    return NULL;
  if (account->verifier == NULL)
    {
      _md_staff_refuse (
          self, pending->staff, "cause=no-password", MD_STAFF_ERROR_PASSWORD_UNSET, error, "%s",
          _ ("No password has been set for you on this terminal. Ask the administrator to set "
             "one."));
      return NULL;
    }
  locked = locked_for_s (self, account);
  if (locked > 0)
    {
      refuse_locked (self, pending->staff, locked, error);
      return NULL;
    }
  check = g_new0 (MdStaffCheck, 1);
  check->verifier = md_password_verifier_ref (account->verifier);
  check->staff = g_strdup (pending->staff);
  return check;
}

static gboolean
count_failure (MdStaffDesk *self, const char *staff, const MdStaffAccount *account, GError **error)
{
  guint failed = account->failed + 1;
  gboolean lock = failed >= MD_STAFF_MAX_FAILURES;
  gint64 until = lock ? md_clock_get_wall_us (self->clock) / 1000 + MD_STAFF_LOCKOUT_S * 1000 : 0;
  g_autofree char *detail = g_strdup_printf ("cause=password try=%u", failed);
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);

  if (transaction == NULL
      || !_md_staff_account_write_failure (self->db, staff, lock ? 0 : failed, until, error)
      || !_md_staff_note (self, "login", staff, MD_AUDIT_REFUSED, detail, error)
      || !md_db_commit (g_steal_pointer (&transaction), error))
    return FALSE;
  if (lock)
    g_set_error (
        error, MD_STAFF_ERROR, MD_STAFF_ERROR_LOCKED_OUT,
        _ ("Too many wrong passwords. Try again in %d minutes, or ask the administrator to set a "
           "new password."),
        MD_STAFF_LOCKOUT_S / 60);
  else
    g_set_error (
        error, MD_STAFF_ERROR, MD_STAFF_ERROR_PASSWORD_WRONG,
        _ ("The password is wrong. %u more tries before the account is locked for a while."),
        MD_STAFF_MAX_FAILURES - failed);
  return FALSE;
}

static gboolean
record_login (MdStaffDesk *self, const char *staff, const char *detail, GError **error)
{
  g_autofree char *now = md_time_format_rfc3339 (md_clock_get_wall_us (self->clock));
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);

  return transaction != NULL && _md_staff_account_write_login (self->db, staff, now, error)
         && _md_staff_note (self, "login", staff, MD_AUDIT_DONE, detail, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}

const MdStaffSession *
md_staff_desk_conclude (MdStaffDesk *self, const char *owner, const char *staff,
                        gboolean password_matches, GError **error)
{
  g_autoptr (MdStaffAccount) account = _md_staff_account_read (self->db, staff, error);
  gboolean resume;
  gint64 locked;

  self->caller = owner;
  if (account == NULL)
    return NULL;
  locked = locked_for_s (self, account);
  if (locked > 0) /* tries that ran at the same time used up the rest */
    {
      refuse_locked (self, staff, locked, error);
      return NULL;
    }
  if (!password_matches)
    {
      count_failure (self, staff, account, error);
      return NULL;
    }
  if (is_taken (self, owner))
    {
      refuse_busy (self, staff, error);
      return NULL;
    }
  if (!g_hash_table_contains (self->present, owner))
    {
      refuse_vanished (self, staff, error);
      return NULL;
    }
  resume = self->session != NULL && self->session->public.locked
           && g_strcmp0 (self->session->owner, owner) == 0
           && g_strcmp0 (self->session->staff, staff) == 0;
  if (!record_login (self, staff, resume ? "kind=unlock" : "kind=login", error))
    return NULL;
  if (!resume)
    {
      _md_staff_end_session (self, "replaced");
      _md_staff_new_session (self, owner, staff);
    }
  self->session->public.locked = FALSE;
  _md_staff_touch (self);
  g_free (self->last_login);
  self->last_login = g_strdup (account->last_login);
  self->failed_since = account->failed;
  return &self->session->public;
}
