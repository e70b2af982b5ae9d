// SPDX-License-Identifier: Apache-2.0
// Step "identify" by post: the day on which it came, and what is asked otherwise than of a person.
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>

#include "md-intake-flow-private.h"
#include "md-intake-papers.h"

gboolean
_md_intake_is_by_post (MdIntake *self)
{
  return self->papers.channel == MD_CHANNEL_POST;
}

const char *
_md_intake_post_sentence (MdIntake *self)
{
  if (!_md_intake_is_by_post (self))
    return NULL;
  return self->wait == MD_WAIT_FILER       ? _ ("Who sent it, and when did it come?")
         : self->wait == MD_WAIT_DOCUMENTS ? _ ("Of which documents are there copies?")
         : self->wait == MD_WAIT_COMPARE   ? _ ("Compare the copies with the application.")
                                           : NULL;
}

gboolean
md_intake_get_can_use_post (MdIntake *self)
{
  g_return_val_if_fail (MD_IS_INTAKE (self), FALSE);

  return self->desk && self->form && self->wait == MD_WAIT_NOTICE
         && md_policy_accepts_post (md_desk_get_policy (self->desk), md_form_get_id (self->form));
}

static void
tell_notice (MdIntake *self)
{
  g_free (self->notice_at);
  self->notice_at = md_time_format_rfc3339 (md_clock_get_wall_us (_md_desk_get_clock (self->desk)));
}

void
md_intake_use_post (MdIntake *self)
{
  g_return_if_fail (MD_IS_INTAKE (self));

  if (!md_intake_get_can_use_post (self))
    return;
  tell_notice (self);
  md_wipe (&self->papers, sizeof self->papers);
  self->papers.channel = MD_CHANNEL_POST;
  _md_intake_begin_papers (self);
}

void
_md_intake_take_post (MdIntake *self)
{
  g_autofree char *day = _md_intake_day (self);

  tell_notice (self); /* the clerk saw just now that the person was told */
  if (g_strcmp0 (day, md_form_data_get_today (self->data)) != 0)
    _md_intake_renew_data (self);
}

void
_md_intake_leave_post (MdIntake *self)
{
  md_wipe (&self->papers, sizeof self->papers);
  g_clear_pointer (&self->notice_at, g_free);
  _md_intake_renew_data (self);
}

/* What came by post was filed on the day on which it came, whenever it is opened. */
char *
_md_intake_day (MdIntake *self)
{
  return _md_intake_is_by_post (self) && *self->papers.received ? g_strdup (self->papers.received)
                                                                : _md_desk_today (self->desk);
}
