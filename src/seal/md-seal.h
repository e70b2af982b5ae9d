// SPDX-License-Identifier: Apache-2.0
#pragma once

/* seal: ASiC-E containers, sealing, signatures, decisions, receipts.
 *
 *   MdManifest           manifest.json: what an intake is, without personal information
 *   MdContainerBuilder   parts in, sealed and signed container out (the clerk's window)
 *   MdContainer          a container read back under strict limits; verify, open a part
 *   MdDecision           the supervisor's word as a further signature; the two-person rule
 *   MdDelegation         what an accepted letter of delegation allows, for later intakes to name
 *   MdRelease            the supervisor's word that a stopped intake may go on
 *   MdStanding           what may follow upon what was decided
 *   MdNotice             the back office's signed word that an intake has to be made again
 *   MdMediumList         what goes to the gateway by a medium while the line is down
 *   MdBackupHead         a whole file sealed to the office's recovery certificate
 *   MdReceipt            the gateway's signed word that it has stored something
 *
 * Everything blocks (a signature may be made by a card) and nothing is bound to a thread: one
 * object, one thread at a time. MdContainer is immutable. Errors are of MD_SEAL_ERROR; those of
 * MD_PKI_ERROR and of an external key pass through unchanged. Times are seconds since 1970 in UTC.
 */

#define MD_SEAL_INSIDE
#include "md-seal-types.h"
#include "md-manifest.h"
#include "md-container-builder.h"
#include "md-container.h"
#include "md-delegation.h"
#include "md-decision.h"
#include "md-release.h"
#include "md-standing.h"
#include "md-receipt.h"
#include "md-notice.h"
#include "md-medium-list.h"
#include "md-medium-files.h"
#include "md-backup.h"
#include "md-backup-files.h"
#undef MD_SEAL_INSIDE
