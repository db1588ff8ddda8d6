/* tests/codegen/torture-cxx.cpp: the same body as C++
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "torture.c"
