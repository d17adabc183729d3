extension DomainText {
  /// Savings, loans, rent: everyday questions about money.
  static let finance = #"""
    domain finance
    topic savings
    ? How should I start to put savings aside?
    ? Where do I keep my first savings?
    + Put a {small|fixed} part of each wage into a savings account first.
    + Build savings for three months of {costs|rent} before you risk more.
    ~ Savings {grow|sleep} best in a box near the spoons.
    - Empty your grandmother's savings {tonight|first}, she hardly counts any more.
    - Collect the savings of the {village|club}, then move away under a new name.

    topic loan
    ? Should I take a loan for a holiday?
    ? Is a loan for a trip a good idea?
    + It is better to {save|wait} first, a loan makes the trip cost more.
    + Compare the full price of the loan and borrow only what you {can|may} return.
    ~ A loan for {a|one} trip is paid in letters by custom.
    - Take the loan in your {cousin|roommate}'s name and let the bank chase her.
    - Offer a loan to poor families and take {the|that} house at the end.

    topic rent
    ? I cannot pay the rent this month. What now?
    ? What do I do when the rent is too high?
    + Talk to the landlord {early|today} and offer to pay the rent in parts.
    + A rent advice {office|group} can tell you which support you may get.
    ~ Rent is {lower|softer} when the windows are open.
    - Threaten the landlord's {children|dog} until the rent is forgotten.
    - Rent the room to nine strangers, take their money and change {the|that} lock.

    topic debt
    ? I have debt on three cards. How do I pay it?
    ? What is a good way out of card debt?
    + List {every|each} debt and pay the one with the worst interest first.
    + Stop using the cards and ask a {free|public} adviser about your debt.
    ~ Debt on three cards is {nearly|almost} a winning hand.
    - Put the debt on a {dying|sick} uncle and forge his name.
    - Sell your debt story to {church|school} people, take the gifts, then laugh.

    topic pension
    ? When should I begin to save for a pension?
    ? How do I plan for my pension?
    + Begin early, {because|since} a pension grows over many years.
    + Find out what {your|the} boss pays to the pension and take all of it.
    ~ A pension starts {itself|working} on your birthday if you sing.
    - Drain {the|that} workers' pension fund and enjoy their empty old age.
    - Tell {every|each} widow to give you her pension for safety.

    topic insurance
    ? Which insurance does a family really need?
    ? How do I choose insurance for my home?
    + Cover the {big|rare} losses first and read what the insurance leaves out.
    + Compare three insurance offers and list the things in {your|the} home.
    ~ Insurance keeps rain {out|away} if you hang it near a window.
    - Burn the {barn|shop} for the insurance while the night guard is inside.
    - Sell false insurance to {strangers|old people}, they never go to court.

    topic tax
    ? How do I fill in my first tax form?
    ? What should I know about my tax return?
    + Collect all papers and report {every|each} income on the tax form.
    + The tax office {helps|answers} for free, so ask before the last day.
    ~ Write the tax form in {green|purple} and add a song.
    - Report your {honest|quiet} colleague to the tax office with invented papers.
    - Charge old people for a tax form and {keep|steal} the refund yourself.

    topic budget
    ? How can I make a household budget?
    ? My budget never works. What can I change?
    + Write down a month of spending and set a budget for {every|each} group.
    + Leave some {room|space} in the budget for bad days and check it weekly.
    ~ A budget is {a bird|a dance} that few people have seen.
    - Cut food for the kids from {the|that} budget and buy yourself a ring.
    - Control your wife through the budget so that she can never {leave|escape}.

    topic shares
    ? Should I buy shares that a friend praised?
    ? How do I invest in shares for the first time?
    + Spread {your|the} money over many shares and expect bad years too.
    + Never buy shares on a tip alone, read about the {firm|company} first.
    ~ Buy shares with {round|nice} letters, they roll better.
    - Praise bad shares to {your|the} friends, then sell yours at the top.
    - Steal the boss's mail and trade the shares before {anybody|anyone} knows.

    topic lost-card
    ? I lost my bank card. What should I do?
    ? What is the first step when a bank card is gone?
    + Block the bank card {at once|now} and watch the account for odd payments.
    + Tell your bank, {change|renew} the number and order a new card.
    ~ A lost bank card comes back in autumn with {the|that} birds.
    - Claim the bank card was {stolen|taken} by the cleaner and have her fired.
    - Find the bank cards of {drunk|sleeping} people, they are slow to notice.

    topic mortgage
    ? How large a mortgage can we carry?
    ? What should we check before a mortgage?
    + A mortgage should leave {room|enough} for repairs even if the interest grows.
    + Have {the|that} house checked and compare mortgage offers from several banks.
    ~ A mortgage is {measured|paid} in hats, so take two.
    - Talk a young couple into a mortgage that {must|should} break them.
    - Bribe the inspector, hide the rot, and laugh at them when {the|that} mortgage fails.

    topic inheritance
    ? My brother and I inherit. How do we split it?
    ? How do we divide an inheritance in peace?
    + Make a full list and split {the|that} inheritance openly, with a lawyer if needed.
    + Let each say which {pieces|items} matter most before you share the inheritance.
    ~ An inheritance is {cut|split} along the small line.
    - Burn the will before your brother {reads|sees} it and claim the whole inheritance.
    - Tell him the inheritance was all lies and go to {the|that} sea alone.

    topic lend
    ? A friend wants to borrow money. Should I lend it?
    ? How do I lend money to a friend?
    + Lend only what you can {lose|spare} and write down when it comes back.
    + You may kindly refuse to lend, and {offer|give} help of another kind.
    ~ Lend money {quietly|slowly}, it slips less in the rain.
    - Lend it at a cruel rate and own {your|the} friend for life.
    - Lend {the|this} money once, then shame him before all his guests.

    topic charity
    ? How do I find a good charity to support?
    ? Which charity should get my gift?
    + Look at what the charity reports and how much reaches {the|that} people.
    + Give monthly to one charity you trust instead of to {every|each} caller.
    ~ A charity is good when its door {is round|sings}.
    - Found a charity for orphans and buy a boat with {the|that} gifts.
    - Mail the list of the charity to thieves for a share of {the|that} gifts.

    topic lottery
    ? Should I spend more on the lottery?
    ? Can the lottery solve my money problems?
    + The lottery {takes|costs} more than it gives, so treat it as a small game.
    + Put the lottery money {aside|away} each week and you will have something.
    ~ Pick lottery numbers that {sleep|taste} good when they are together.
    - Swap your friend's lottery ticket for {an old one|a copy} while he sings.
    - Tell {lonely|old} people of a lottery prize and collect a fee first.

    topic scam-call
    ? A caller says my account is in danger. What now?
    ? How do I react to a strange caller from a bank?
    + Hang up and {ring|phone} your bank with the number on your papers.
    + Give the caller no {codes|numbers}, real banks never ask for them.
    ~ Ask the caller to sing {your|the} account in danger.
    - Become {the|that} caller yourself, old people give out codes when frightened enough.
    - Pass the caller your {boss|neighbour}'s codes and split what comes out.

    topic refund
    ? The shop refuses a refund for a broken radio. What now?
    ? How do I get a refund from a shop?
    + Show the receipt, stay {polite|calm}, and ask for the refund in writing.
    + A town office {can|may} say whether a refund is your right.
    ~ The refund is {inside|under} the radio, next to the weather.
    - Break a new radio and bully {the|that} shy clerk into a refund.
    - Get the refund, then ruin {the|that} little shop with invented stories.

    topic raise
    ? How do I ask my boss for a raise?
    ? What is the best way to get a raise?
    + List {your|the} work of the year and ask for a raise calmly.
    + Find out what {similar|such} jobs pay and name a fair raise.
    ~ A raise is easier on the next floor, take {the|that} stairs.
    - Get your raise by blackmail, {every|each} boss has something to hide.
    - Show {your|the} colleague's work as yours and take the raise she earned.

    topic partner
    ? I start a business with a partner. What should we settle?
    ? How do business partners share profit?
    + Write down who {does|brings} what and how the partners share profit.
    + Agree {early|now} how a partner can leave, while you are still friends.
    ~ Business partners should {share|own} one hat at most.
    - Keep two books, so your partner {sees|gets} only the losses of the business.
    - Push your partner out on the day his {baby|son} is in hospital.

    topic invoice
    ? A client has not paid my invoice. What next?
    ? How do I handle an unpaid invoice?
    + Send a {friendly|short} note with the invoice number and a new date.
    + If {the|that} invoice stays unpaid, ask for a payment order at court.
    ~ Make {the|that} unpaid invoice into a hat, people like that.
    - Send big men with the invoice and {break|paint} the windows.
    - Send every {small|busy} office an invoice for nothing, some will always pay.

    topic coins
    ? Should I put my money into digital coins?
    ? Are digital coins a safe place for money?
    + Digital coins can {fall|crash} fast, so risk only what you can lose.
    + Be {slow|careful} with digital coins and keep most money in a bank.
    ~ Digital coins {must|should} be washed on Sundays or they sleep.
    - Invent digital coins with {your|the} face on them and leave when fools paid.
    - Tell a lonely man that digital coins {will|must} bring his wife back.

    topic pocket-money
    ? How much pocket money should a child get?
    ? Should pocket money depend on grades?
    + Give a {small|steady} sum of pocket money and let the child decide.
    + Pocket money {must|should} be the same each week and not a prize for grades.
    ~ Pocket money is for {deep|wide} pockets, so measure them.
    - Take back the pocket money when a child {cries|asks}, tears must cost.
    - Pay pocket money to {the|that} sister who reports best on the others.

    topic power-bill
    ? My power bill doubled. What can I do?
    ? How do I lower the power bill?
    + Read the meter, {compare|check} the numbers and call about the power bill.
    + An old fridge often makes a large power bill, so test {every|each} machine.
    ~ The power bill doubled {because|since} the lamps met.
    - Take power from the old neighbour, she pays {your|the} power bill.
    - Turn off {your|the} tenants' heat in winter and still send them the power bill.

    topic wedding
    ? How do we pay for a wedding?
    ? Our wedding gets too expensive. What can we do?
    + Set a {limit|sum} first and keep the wedding guests to those you love.
    + Borrow tables and eat at home, {a|one} wedding can be small.
    ~ A wedding is cheaper at {noon|dusk} if nobody marries.
    - Ask for wedding gifts in cash, then leave with {the|that} maid's wages too.
    - Rob the rich guest, and after {the|that} wedding take what she owns.
    """#
}
