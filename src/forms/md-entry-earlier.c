// SPDX-License-Identifier: Apache-2.0
// What the person said of a field for an earlier application of this visit: it stands there to be
// changed, and beside what it was changed to.
#include "config.h"

#include "md-form-data-private.h"

gboolean
md_entry_get_carried (MdEntry *self)
{
  return self->carried;
}

static gboolean
is_as_before (const MdEntry *self)
{
  return self->earlier && self->source == MD_SOURCE_TYPED
         && g_strcmp0 (self->value, self->earlier) == 0;
}

/* What was said before, where something else stands now, or nothing. */
static const char *
text_before (const MdEntry *self)
{
  return self->locked || is_as_before (self) ? NULL : self->earlier;
}

char *
_md_entry_render_earlier (MdEntry *self, MdView view)
{
  const char *before = text_before (self);

  return before ? _md_entry_render (self, view, before) : NULL;
}

void
_md_entry_update_carried (MdEntry *self)
{
  const gboolean carried = is_as_before (self);

  if (self->carried == carried)
    return;
  self->carried = carried;
  g_object_notify (G_OBJECT (self), "carried");
}

void
_md_entry_set_earlier (MdEntry *self, const char *value)
{
  char *kept = g_strdup (value);

  _md_entry_replace (&self->earlier, kept);
  _md_entry_update_carried (self);
}
