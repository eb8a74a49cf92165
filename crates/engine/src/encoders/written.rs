//! A card was written: it counts as issued, and whatever was on the medium before is overwritten.

use domain::{Moment, Stage};
use store::{
    Tx, cards_written,
    carriers::{self, Carrier, Change},
    credential_state, credentials,
    encoder_jobs::EncoderJob,
    systems::AcsSystem,
};

use super::{
    Show,
    end::{fail, succeed},
    failure::{DELETED, Failure},
};
use crate::{
    Error,
    credentials::views,
    issuing::{CardSeen, confirmed, ended, invalidate_one, note_stage},
};

pub(super) fn written(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system: &AcsSystem,
    job: &EncoderJob,
    card_id: &str,
    serial_number: Option<&str>,
    show: Show,
) -> Result<(), Error> {
    let Some(id) = job.carrier_id else { return Ok(()) };
    let carrier = carriers::get(tx, id)?;
    if carrier.stage() == Stage::Sent {
        if let Some(serial_number) = serial_number {
            overwrite(tx, moment, system, &carrier, serial_number)?;
            let change = Change { serial_number: Some(serial_number.to_owned()), ..Change::default() };
            carriers::change(tx, id, change)?;
        }
        // Before the card counts as issued: if it is out of date already, the plan that follows says so again.
        credential_state::set_needs_reissue(tx, carrier.credential_id, None)?;
        let card = CardSeen {
            card_id: card_id.to_owned(),
            native_credential_id: None,
            is_delivered: true,
            is_discarded: false,
        };
        confirmed(tx, moment, system, &carrier, &card)?;
        note_stage(tx, moment, system, &carrier)?;
    }
    let rows = credentials::by_ids(tx, &[carrier.credential_id])?;
    if rows.iter().any(|row| row.deleted_at.or(row.deleting_at).is_some()) {
        let message = "The credential was deleted while its card was written. Take the card back: offline locks go on \
                       opening for it until it ends or a newer key is used.";
        return fail(tx, moment, job, &Failure::new(DELETED, message));
    }
    match views(tx, rows, moment.now)?.pop() {
        Some(view) => succeed(tx, moment, job, &show(view)),
        None => fail(tx, moment, job, &Failure::new(DELETED, "The credential is gone.")),
    }
}

/// What was on the medium before is gone. Of another credential that is the end (`spec/api.md 4.12`); one that is
/// written anew has its new card.
fn overwrite(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system: &AcsSystem,
    carrier: &Carrier,
    serial_number: &str,
) -> Result<(), Error> {
    for former in cards_written::on_medium(tx, system.id, serial_number)? {
        if former.id == carrier.id || !former.stage().is_live() {
            continue;
        }
        ended(tx, moment, &former, Stage::Gone)?;
        if former.credential_id == carrier.credential_id {
            continue;
        }
        for row in credentials::by_ids(tx, &[former.credential_id])? {
            let still_there = carriers::of_credentials(tx, &[row.id])?.iter().any(|other| other.stage().is_live());
            if !still_there && row.deleting_at.or(row.deleted_at).is_none() {
                invalidate_one(tx, moment, system, &row)?;
            }
        }
    }
    Ok(())
}
