// SPDX-License-Identifier: Apache-2.0
#pragma once

/**
 * scan: a scanned document as a file: what it is by its content, whether it may come in, and what a
 * virus scanner said of it.
 *
 * The bytes are personal and hostile until shown otherwise. They lie in an MdSecret from the first
 * read on. Nothing is decoded here: of a picture the frame is read, of a PDF the names, so that a
 * page that is shown later is known to be of a size that can be shown. A page of a PDF or TIFF is
 * drawn by a program of its own (src/page).
 */

#define MD_SCAN_INSIDE
#include "md-scan-types.h"
#include "md-scan-inspect.h"
#include "md-scan-document.h"
#include "md-scan-take.h"
#include "md-scan-draw.h"
#undef MD_SCAN_INSIDE
