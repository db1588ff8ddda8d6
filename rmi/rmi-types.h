/* rmi/rmi-types.h: the names of the types that other headers mention
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gio/gio.h>

#include "rmi/rmi-version.h"

G_BEGIN_DECLS

typedef struct _RmiCall RmiCall;                     /* an outgoing call */
typedef struct _RmiClassEntry RmiClassEntry;         /* how a class travels by value */
typedef struct _RmiConnection RmiConnection;
typedef struct _RmiInterfaceEntry RmiInterfaceEntry; /* what rmi-codegen writes of an interface */
typedef struct _RmiInterfaceInfo RmiInterfaceInfo;
typedef struct _RmiInvocation RmiInvocation;
typedef struct _RmiMethodEntry RmiMethodEntry;
typedef struct _RmiPropertyEntry RmiPropertyEntry;
typedef struct _RmiReader RmiReader;
typedef struct _RmiSignalEntry RmiSignalEntry;
typedef struct _RmiSkeleton RmiSkeleton;
typedef struct _RmiStub RmiStub;
typedef struct _RmiStructEntry RmiStructEntry;       /* how a struct is written and read */
typedef struct _RmiWriter RmiWriter;

G_END_DECLS
