// SPDX-License-Identifier: Apache-2.0
// The card readers of this machine, over PC/SC Lite, for a program with a main loop.
//
// MdPcsc has a thread that blocks until readers or cards change, and, while there is work for it,
// one for each reader: jobs run there one at a time, each with an exclusive connection that is
// unpowered afterwards. A card that does not answer keeps its own reader only. Nothing polls.
// Signals and results arrive in the main context that was the thread default when the object was
// made.
//
//   md-pcsc-backend.h  MdCardBackend on PC/SC Lite, for a program without a main loop
//   md-card-reader.h   one reader as a list item
//   md-pcsc-manager.h  MdPcsc itself
//   md-pcsc-survey.h   what stands under the card service: USB, the program, its socket
#pragma once

#define MD_PCSC_INSIDE
#include "md-pcsc-backend.h"
#include "md-card-reader.h"
#include "md-pcsc-manager.h"
#include "md-pcsc-survey.h"
#undef MD_PCSC_INSIDE
