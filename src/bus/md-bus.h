// SPDX-License-Identifier: Apache-2.0
/* bus: D-Bus between window and daemon (generated code and its adapter).
 *
 * data/org.madoguchi.Terminal1.xml is the contract; MdBusTerminal1 (proxy and skeleton) is
 * generated from it. Beside it: large payloads as sealed memory files, passwords through a pipe,
 * and errors that keep their cause across the bus. */
#pragma once

#define MD_BUS_INSIDE
#include "md-bus-generated.h"
#include "md-bus-error.h"
#include "md-bus-payload.h"
#undef MD_BUS_INSIDE

#define MD_BUS_NAME "org.madoguchi.Terminal1"
#define MD_BUS_PATH "/org/madoguchi/Terminal1"
