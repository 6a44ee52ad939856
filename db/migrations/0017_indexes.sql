CREATE INDEX "app_channels_with_secret" ON "app_channels" USING btree ("acs_trans_id") WHERE "app_channels"."secret" is not null;--> statement-breakpoint
CREATE INDEX "authentications_card" ON "authentications" USING btree ("card_id") WHERE "authentications"."card_id" is not null;--> statement-breakpoint
CREATE INDEX "confirmations_cardholder" ON "confirmations" USING btree ("cardholder_id") WHERE "confirmations"."cardholder_id" is not null;--> statement-breakpoint
CREATE INDEX "contact_changes_contact" ON "contact_changes" USING btree ("contact_id") WHERE "contact_changes"."contact_id" is not null;--> statement-breakpoint
CREATE INDEX "enrolments_cardholder" ON "enrolments" USING btree ("cardholder_id");--> statement-breakpoint
CREATE INDEX "enrolments_activation_code" ON "enrolments" USING btree ("activation_code_id");--> statement-breakpoint
CREATE INDEX "outbox_outside_challenges" ON "outbox" USING btree ("created_at") WHERE "outbox"."acs_trans_id" is null;--> statement-breakpoint
CREATE INDEX "pairing_codes_session" ON "pairing_codes" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "trusted_merchants_cardholder" ON "trusted_merchants" USING btree ("cardholder_id");