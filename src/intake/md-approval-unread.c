// SPDX-License-Identifier: Apache-2.0
// What cannot be read here, and perhaps nowhere: returned all the same, by a second, deliberate
// act.
#include "config.h"

#include <glib/gi18n.h>

#include "md-approval-private.h"

/* What may be this terminal's fault as well as that of the one that sealed it: only people can
 * tell. */
static const struct
{
  GQuark (*domain) (void);
  gint code;
} unread[] = {
  { md_forms_error_quark, MD_FORMS_ERROR_FORM },
  { md_identity_error_quark, MD_IDENTITY_ERROR_MALFORMED },
  { md_identity_error_quark, MD_IDENTITY_ERROR_CHALLENGE },
  { md_identity_error_quark, MD_IDENTITY_ERROR_PICTURE },
  { md_pki_error_quark, MD_PKI_ERROR_MALFORMED },
  { md_pki_error_quark, MD_PKI_ERROR_TOO_LARGE },
  { md_pki_error_quark, MD_PKI_ERROR_UNSUPPORTED },
  { md_pki_error_quark, MD_PKI_ERROR_DAMAGED },
  { md_seal_error_quark, MD_SEAL_ERROR_MALFORMED },
  { md_seal_error_quark, MD_SEAL_ERROR_LIMIT },
  { md_seal_error_quark, MD_SEAL_ERROR_NO_PART },
};

static gboolean
is_unread (const GError *error)
{
  for (guint i = 0; i < G_N_ELEMENTS (unread); i++)
    if (g_error_matches (error, unread[i].domain (), unread[i].code))
      return TRUE;
  return FALSE;
}

/* Appointed, or given another card, after it was sealed: it is good, and others can open it. */
static void
show_not_recipient (MdApproval *self, const GError *error)
{
  g_autoptr (MdTrouble) trouble = _md_trouble_new (
      _ ("This application cannot be opened with your card."),
      _ ("It is not sealed to it. Another officer, to whom it is sealed, can open it."), NULL,
      error->message);

  _md_approval_set_trouble (self, trouble);
}

/* What src/pki and src/seal say is for those who look into it. */
void
_md_approval_refuse_unread (MdApproval *self, const GError *error)
{
  _md_approval_refuse (self, error);
  if (g_error_matches (error, MD_PKI_ERROR, MD_PKI_ERROR_NOT_RECIPIENT))
    show_not_recipient (self, error);
  if (!is_unread (error))
    return;
  self->unread = _md_trouble_new (
      _ ("This application cannot be read here."),
      error->domain == MD_FORMS_ERROR
          ? error->message
          : _ ("Its sealed contents are not as this terminal expects. Tell the administrator."),
      NULL, error->domain == MD_FORMS_ERROR ? NULL : error->message);
  _md_approval_set_trouble (self, self->unread);
}

gboolean
md_approval_is_unread (MdApproval *self)
{
  return self->unread != NULL
         && (self->wait == MD_APPROVAL_WAIT_REFUSED || self->wait == MD_APPROVAL_WAIT_UNFIT);
}

gboolean
md_approval_confirm_unread (MdApproval *self, gboolean confirmed)
{
  MdTrouble *finding = confirmed ? self->unread : NULL;

  if (!md_approval_is_unread (self) || !self->desk || self->unfit == confirmed)
    return FALSE;
  g_object_freeze_notify (G_OBJECT (self)); /* half of it is nothing to be shown */
  self->unfit = confirmed;
  g_clear_object (&self->reasons[MD_DECISION_RETURN]);
  self->reasons[MD_DECISION_RETURN]
      = confirmed ? _md_reasons_for_unread () : _md_reasons_for_return ();
  (void)g_set_object (&self->finding, finding);
  _md_approval_set_trouble (self, confirmed ? NULL : self->unread);
  _md_approval_set_wait (self, confirmed ? MD_APPROVAL_WAIT_UNFIT : MD_APPROVAL_WAIT_REFUSED);
  g_object_thaw_notify (G_OBJECT (self));
  return TRUE;
}

void
_md_approval_record_unread (MdApproval *self)
{
  MdScreenEvent event = { .event = "reference",
                          .outcome = "done",
                          .object = md_intake_row_get_intake (self->row),
                          .detail = "action=confirm-unread" };

  if (self->unread)
    _md_desk_record_async (self->desk, &event, NULL, NULL);
}
