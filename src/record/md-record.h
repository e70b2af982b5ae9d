// SPDX-License-Identifier: Apache-2.0
#pragma once

/**
 * record: personal JSON, parsed and written in locked pages that are wiped.
 *
 * Use it for what is personal, and json-glib for the rest: json-glib copies every text to the heap
 * and leaves it there. Behind it is jansson, all of whose memory is MdSecret here: a text is in no
 * other place than these pages, and they are wiped as soon as the last reference goes. What is
 * taken out of a record is borrowed; a copy of it is the copier's to wipe. Any thread may call
 * these functions; a record belongs to one thread at a time. jansson itself stays inside: it shares
 * names with json-glib, and both are in our programs.
 */

#define MD_RECORD_INSIDE
#include "md-record-json.h"
#undef MD_RECORD_INSIDE
