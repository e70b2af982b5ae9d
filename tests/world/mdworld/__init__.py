# SPDX-License-Identifier: Apache-2.0
"""What make-world is made of: invented people, a sandbox JPKI, the office's own PKI, cards, policy, settings."""
