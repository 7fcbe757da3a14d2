//! Who may do what.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The part a person plays at the till, in ascending order of what it allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Rings up, takes money, hands over the receipt.
    Cashier,
    /// Approves, refunds, closes the shift.
    Supervisor,
    /// Sees what has synced and what has not, and puts it right.
    Manager,
    /// Enrols tills, users, printers.
    Administrator,
}

/// One thing a person may be allowed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Ring up and take money.
    Sell,
    /// Give a discount on a line.
    DiscountLine,
    /// Give a discount on the whole sale.
    DiscountInvoice,
    /// Sell at another price than the list's.
    OverridePrice,
    /// See the sync desk.
    ViewSync,
    /// Send waiting documents again at once.
    RetrySync,
    /// Print a receipt again, marked as a copy.
    Reprint,
    /// Set up printers and the till itself.
    ManageTill,
}

impl Role {
    /// All roles, the least powerful first.
    pub const ALL: [Self; 4] = [
        Self::Cashier,
        Self::Supervisor,
        Self::Manager,
        Self::Administrator,
    ];

    /// The least powerful role that may.
    const fn needed_for(permission: Permission) -> Self {
        match permission {
            Permission::Sell
            | Permission::DiscountLine
            | Permission::DiscountInvoice
            | Permission::Reprint => Self::Cashier,
            Permission::OverridePrice | Permission::ViewSync => Self::Supervisor,
            Permission::RetrySync => Self::Manager,
            Permission::ManageTill => Self::Administrator,
        }
    }

    /// Whether this role may do that. A higher role may do all a lower one may.
    pub fn allows(self, permission: Permission) -> bool {
        self >= Self::needed_for(permission)
    }

    /// Everything this role may do.
    pub fn permissions(self) -> Vec<Permission> {
        Permission::ALL
            .into_iter()
            .filter(|permission| self.allows(*permission))
            .collect()
    }
}

impl Permission {
    /// All permissions.
    pub const ALL: [Self; 8] = [
        Self::Sell,
        Self::DiscountLine,
        Self::DiscountInvoice,
        Self::OverridePrice,
        Self::ViewSync,
        Self::RetrySync,
        Self::Reprint,
        Self::ManageTill,
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use Permission::{
        DiscountInvoice, DiscountLine, ManageTill, OverridePrice, Reprint, RetrySync, Sell,
        ViewSync,
    };

    #[test]
    fn each_role_may_do_exactly_this() {
        let table: [(Role, &[Permission]); 4] = [
            (
                Role::Cashier,
                &[Sell, DiscountLine, DiscountInvoice, Reprint],
            ),
            (
                Role::Supervisor,
                &[
                    Sell,
                    DiscountLine,
                    DiscountInvoice,
                    OverridePrice,
                    ViewSync,
                    Reprint,
                ],
            ),
            (
                Role::Manager,
                &[
                    Sell,
                    DiscountLine,
                    DiscountInvoice,
                    OverridePrice,
                    ViewSync,
                    RetrySync,
                    Reprint,
                ],
            ),
            (Role::Administrator, &Permission::ALL),
        ];
        for (role, may) in table {
            assert_eq!(role.permissions(), may, "{role:?}");
        }
        assert!(!Role::Manager.allows(ManageTill));
    }

    #[test]
    fn json_is_snake_case() {
        assert_eq!(
            serde_json::to_string(&Role::Administrator).unwrap(),
            r#""administrator""#
        );
        assert_eq!(
            serde_json::to_string(&OverridePrice).unwrap(),
            r#""override_price""#
        );
    }
}
