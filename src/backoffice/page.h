// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-base.h>

G_BEGIN_DECLS

/* What the pages to be printed share: HTML without anything from elsewhere. */

#define PAGE_MAX (16u * 1024u * 1024u)

void page_put (MdWriter *out, const char *text);

/* Whatever somebody typed stays text; @text is nullable. */
void page_put_escaped (MdWriter *out, const char *text);

/* From the document's first line to its heading. @style: CSS of the program's own. */
void page_put_head (MdWriter *out, const char *title, const char *style);

/* Ends the document and writes it to @path, readable by its owner alone: made beside the file and
 * put in its place when it is whole, so that nothing stays anywhere else. */
gboolean page_write (MdWriter *out, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
