// SPDX-License-Identifier: Apache-2.0
/* Whom a card reader is for, as somebody at the window has said: a change of the terminal that has
 * to be in the log, also before anybody is logged in. So has a reader that the window refused. */
#include <string.h>
#include <glib/gi18n.h>

#include "call.h"

#define NAME_MAX_BYTES 80u
#define DIGITS_KEPT 4u
#define DIGITS_WHOLE 6u /* as many do not need to be cut */

/* As pcsc-lite names readers: at the end the number of the reader and of its slot, in hexadecimal.
 * So this is no way for free words into the log. */
static gboolean
is_reader_name (const char *name)
{
  gsize length = strlen (name);

  if (length > NAME_MAX_BYTES || !g_regex_match_simple (" [0-9A-F]{2} [0-9A-F]{2}$", name, 0, 0))
    return FALSE;
  for (const char *p = name; *p != '\0'; p++)
    if (!g_ascii_isprint (*p))
      return FALSE;
  return TRUE;
}

static void
add_digits (GString *word, const char *digits, gsize n)
{
  if (n <= DIGITS_WHOLE)
    g_string_append_len (word, digits, (gssize)n);
  else
    g_string_append_printf (word, "..%.*s", (int)DIGITS_KEPT, digits + n - DIGITS_KEPT);
}

/* One word for the log, by which the reader is still told from others: spaces as underscores, other
 * signs left out, of a serial number the end. */
static char *
word_of_reader (const char *name)
{
  GString *word = g_string_new (NULL);

  for (const char *p = name; *p != '\0';)
    {
      gsize digits = strspn (p, "0123456789");

      if (digits > 0)
        add_digits (word, p, digits);
      else if (*p == ' ')
        g_string_append_c (word, '_');
      else if (g_ascii_isalpha (*p) || strchr ("._-", *p) != NULL)
        g_string_append_c (word, *p);
      p += MAX (digits, 1);
    }
  return g_string_free (word, FALSE);
}

#define UNREGISTERED "unregistered" /* nobody's choice: the office's rules keep it out */

static gboolean
is_role (const char *role)
{
  static const char *const roles[] = { "resident", "staff", "none", UNREGISTERED, NULL };

  return g_strv_contains (roles, role);
}

static gboolean
is_moment (const char *since)
{
  gint64 wall;

  return *since == '\0' || md_time_parse_rfc3339 (since, &wall, NULL);
}

/* Every choice by an officer; of a flood by nobody known, the first and a number. */
static gboolean
record (Service *self, GDBusMethodInvocation *invocation, const MdPolicyStaff *officer,
        gboolean refused, const char *what, GError **error)
{
  const char *sender = g_dbus_method_invocation_get_sender (invocation);
  g_autofree char *who = officer == NULL ? call_describe_peer (self, sender) : NULL;
  g_autofree char *detail
      = g_strdup_printf ("%s%s%s", what, who != NULL ? " " : "", who != NULL ? who : "");
  MdAuditEntry entry = call_entry (officer, "reader-role");

  entry.detail = detail;
  if (refused)
    entry.outcome = MD_AUDIT_REFUSED;
  if (officer == NULL && !md_audit_gate_admit (self->gate, sender, &entry, "various"))
    return TRUE;
  return md_audit_record_now (self->audit, &entry, error);
}

static gboolean
role_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, const char *session,
         const char *reader, const char *role, const char *since, gpointer user_data)
{
  Service *self = user_data;
  const MdPolicyStaff *officer = NULL;
  g_autofree char *word = NULL;
  g_autofree char *what = NULL;
  GError *error = NULL;

  if (!call_has_database (self, invocation))
    return TRUE;
  if (*session != '\0' && (officer = call_officer (self, invocation, session)) == NULL)
    return TRUE;
  if (!is_reader_name (reader) || !is_role (role) || !is_moment (since))
    {
      call_reject_literal (
          self, invocation, "strange-event", MD_BUS_ERROR_INVALID,
          _ ("The event could not be recorded, because it is not of a known form."));
      return TRUE;
    }
  word = word_of_reader (reader);
  what = g_strdup_printf ("role=%s reader=%s%s%s", role, word, *since != '\0' ? " since=" : "",
                          since);
  if (record (self, invocation, officer, g_str_equal (role, UNREGISTERED), what, &error))
    md_bus_terminal1_complete_record_reader_role (object, invocation);
  else
    call_fail (invocation, error);
  return TRUE;
}

void
readers_connect (Service *self)
{
  g_signal_connect (self->skeleton, "handle-record-reader-role", G_CALLBACK (role_cb), self);
}
