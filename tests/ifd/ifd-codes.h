// SPDX-License-Identifier: Apache-2.0
// The control codes of our reader: its own choice, as every driver's.
#pragma once

#define IFD_CODE_VERIFY 0x42330006u
#define IFD_CODE_MODIFY 0x42330007u
#define IFD_CODE_ABORT 0x4233000bu
#define IFD_CODE_PROPERTIES 0x42330012u
