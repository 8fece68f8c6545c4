/* SPDX-License-Identifier: MIT */
/* windows/windows.h -- the protocols of this shared object.
 *
 * Who carries SMB hands off by follow set: SMB and SMB2 look at the signature. Behind a
 * message NBSS goes on, up to a number of them that stays below that of a frame's
 * protocols. So instance data has, besides the bytes of the message, its number.
 */
#ifndef PARSERS_WINDOWS_WINDOWS_H
#define PARSERS_WINDOWS_WINDOWS_H

#include "../common/fields.h"

extern struct parser nbss_parser, nbdgm_parser, smb_parser, smb2_parser, kerberos_parser,
    ldap_parser, cldap_parser;

extern struct _SET nt_statuses; /* names of status codes of Windows NT */

#define SIGNATURE_SMB       0xFF534D42u /* big-endian: 0xFF, "SMB" */
#define SIGNATURE_SMB2      0xFE534D42u
#define SIGNATURE_ENCRYPTED 0xFD534D42u
#define SIGNATURE_PACKED    0xFC534D42u

#define MESSAGE_BYTES(instance_)  ((DWORD)((instance_)&0xFFFFFFu))
#define MESSAGE_NUMBER(instance_) ((DWORD)((instance_) >> 24 & 0xFFu))
#define NUMBERED(bytes_, number_) ((DWORD_PTR)(bytes_) | (DWORD_PTR)(number_) << 24)
#define MESSAGES_MOST             24u

/* Where a message of SMB ends what it is in goes on with NBSS. */
LPBYTE smb_message(
    ULPBYTE p, DWORD left, DWORD_PTR told, LPDWORD status, LPHPROTOCOL next, PDWORD_PTR instance);

/* Text of UTF-16, or of bytes, up to its NUL: bytes without it. */
DWORD text16_bytes(const uint8_t *p, DWORD left);
DWORD text8_bytes(const uint8_t *p, DWORD left);

void text_put16(LPPROPERTYINST i, const uint8_t *p, DWORD bytes);

#endif
