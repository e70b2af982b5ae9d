// SPDX-License-Identifier: Apache-2.0
#pragma once

/* line: the HTTPS client to the gateway, public files by http, and the delivery engine that drains
 * the terminal's outbox over it. The engine knows the outbox only as an MdDeliverySource, which the
 * daemon implements over its own. */

#define MD_LINE_INSIDE
#include <md-line-client.h>
#include <md-line-pair.h>
#include <md-delivery-source.h>
#include <md-delivery.h>
#include <md-fetch.h>
#undef MD_LINE_INSIDE
