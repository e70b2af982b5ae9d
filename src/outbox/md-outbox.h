// SPDX-License-Identifier: Apache-2.0
/* outbox: durable queue: states, leases, retry schedule, erasure.
 *
 * Holds the intakes of this terminal and what of them still has to reach the gateway. Every change
 * of state, its queue row and its audit record are one durable commit. A connection, an audit log
 * and an outbox belong to one thread; the delivery engine has its own three beside the service's.
 */
#pragma once

#define MD_OUTBOX_INSIDE
#include "md-outbox-types.h"
#include "md-outbox-letter.h"
#include "md-outbox-intake.h"
#include "md-outbox-delivery.h"
#include "md-outbox-draft.h"
#include "md-outbox-hold.h"
#include "md-outbox-medium.h"
#include "md-outbox-mend.h"
#include "md-outbox-named.h"
#include "md-outbox-notice.h"
#include "md-outbox-numbers.h"
#include "md-outbox-park.h"
#include "md-outbox-retain.h"
#undef MD_OUTBOX_INSIDE
